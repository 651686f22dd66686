package io.unitsmith.agent.systemd.bus;

import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.types.UInt32;

/** One unit in the answer to ListUnits: {@code (ssssssouso)}. */
@SuppressWarnings("UnusedVariable") // the signature needs them all
public final class ListedUnit extends Struct {

    @Position(0)
    private final String name;

    @Position(1)
    private final String description;

    @Position(2)
    private final String loadState;

    @Position(3)
    private final String activeState;

    @Position(4)
    private final String subState;

    @Position(5)
    private final String follows;

    @Position(6)
    private final DBusPath path;

    @Position(7)
    private final UInt32 jobId;

    @Position(8)
    private final String jobType;

    @Position(9)
    private final DBusPath jobPath;

    public ListedUnit(
            String name,
            String description,
            String loadState,
            String activeState,
            String subState,
            String follows,
            DBusPath path,
            UInt32 jobId,
            String jobType,
            DBusPath jobPath) {
        this.name = name;
        this.description = description;
        this.loadState = loadState;
        this.activeState = activeState;
        this.subState = subState;
        this.follows = follows;
        this.path = path;
        this.jobId = jobId;
        this.jobType = jobType;
        this.jobPath = jobPath;
    }

    public String name() {
        return name;
    }

    public String loadState() {
        return loadState;
    }

    public String activeState() {
        return activeState;
    }

    public String subState() {
        return subState;
    }

    public String path() {
        return path.getPath();
    }
}
