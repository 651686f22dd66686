package io.unitsmith.agent.mount;

import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.unit.UnitName;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The units of a mount: a .mount, and an .automount that starts it.
 *
 * <p>No After= and Requires= for the network: systemd adds them to the .mount by itself, and in an .automount they would
 * be an ordering cycle at boot.
 */
final class MountUnits {

    static final String SYSTEMD = UnitFile.FOLDER + "/";

    /** _netdev has systemd order even those after the network that it does not know as remote. */
    private static final List<String> FOR_SYSTEMD = List.of("_netdev", "nofail");

    private static final List<String> SAFE = List.of("nosuid", "nodev");

    /** What no mount is without. */
    static final List<String> ALWAYS =
            Stream.of(SAFE, FOR_SYSTEMD).flatMap(List::stream).toList();

    /**
     * An awk program that fails if something is mounted at a path. Not ConditionPathIsMountPoint=, with which systemd itself
     * would touch a server that may hang.
     */
    private static final String UNLESS_MOUNTED =
            "BEGIN {path = ARGV[1]; ARGV[1] = \"\"} $5 == path {mounted = 1} END {exit mounted}";

    private final WorkloadReference workload;
    private final RemoteMountSpec spec;
    private final Credentials credentials;
    private final List<String> ownership;
    private final boolean automount;

    /** @param ownership the options that say whose the files show to be */
    MountUnits(WorkloadReference workload, RemoteMountSpec spec, Credentials credentials, List<String> ownership) {
        this.workload = workload;
        this.spec = spec;
        this.credentials = credentials;
        this.ownership = ownership;
        this.automount = spec.automount().enabled();
    }

    static String mount(RemoteMountSpec spec) {
        return UnitName.ofPath(spec.path(), "mount");
    }

    /** The one unit of the two that is enabled: were both, the automount would refuse a path that is mounted already. */
    static String trigger(RemoteMountSpec spec) {
        return spec.automount().enabled() ? UnitName.ofPath(spec.path(), "automount") : mount(spec);
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        entries.add(file(mountPoint(spec), Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, mountPointUnit()));
        if (automount) {
            entries.add(file(mount(spec), Layer.PAYLOAD_UNIT, Effect.REPLACE_PAYLOAD, mountUnit()));
            entries.add(file(trigger(spec), Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, automountUnit()));
        } else {
            entries.add(file(mount(spec), Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, mountUnit()));
        }
        entries.add(new Link(link(trigger(spec)), SYSTEMD + trigger(spec)));
        return entries;
    }

    /** The unit that makes the folder. */
    static String mountPoint(RemoteMountSpec spec) {
        return mountPoint(spec.path());
    }

    static String mountPoint(String path) {
        return "unitsmith-mountpoint-" + UnitName.ofPath(path, "service");
    }

    /** The link that has a trigger started at boot. */
    static String link(String trigger) {
        return SYSTEMD + target(trigger) + ".wants/" + trigger;
    }

    private static String target(String trigger) {
        return trigger.endsWith(".automount") ? "multi-user.target" : "remote-fs.target";
    }

    private static File file(String name, Layer layer, Effect effect, UnitFile unit) {
        return new File(SYSTEMD + name, layer, effect, unit.text(), 0644, null);
    }

    /** Without the start limit off, five failed mounts would kill the automount, and writes go to the local disk. */
    private UnitFile mountUnit() {
        UnitFile unit = UnitFile.startingWith(Header.of(workload))
                .section("Unit")
                .set("Description", Header.title(workload))
                .set("StartLimitIntervalSec", "0");
        if (!automount) {
            unit.set("Wants", mountPoint(spec)).set("After", mountPoint(spec));
        }
        unit.section("Mount")
                .set("What", spec.source())
                .set("Where", spec.path())
                .set("Type", FileSystem.of(spec.type()).unitType())
                .set("Options", String.join(",", options()))
                .set("TimeoutSec", Integer.toString(Durations.seconds(spec.mountTimeout())))
                .set("DirectoryMode", spec.directoryMode());
        return automount ? unit : install(unit);
    }

    /**
     * Makes the folder, and has nobody write into it while nothing is mounted there: the immutable flag holds for root too
     * (chattr(1)). It goes with the automount when that is stopped, and stays when it fails; where there is none, it is for the
     * agent to stop, since systemd would also do so after it could not unmount. Without default dependencies, which would be
     * an ordering cycle: automounts come before local-fs.target.
     */
    private UnitFile mountPointUnit() {
        boolean protect = spec.protectMountpoint();
        UnitFile unit = UnitFile.startingWith(Header.of(workload))
                .section("Unit")
                .set("Description", Header.title(workload) + ", its mount point")
                .set("DefaultDependencies", "no")
                .set("RequiresMountsFor", UnitFile.words(HostPath.parent(spec.path())))
                .set("After", "systemd-remount-fs.service")
                .set("Before", trigger(spec));
        if (automount) {
            unit.set("PartOf", trigger(spec));
        }
        unit.section("Service")
                .set("Type", "oneshot")
                .set("RemainAfterExit", "yes")
                .set(
                        "ExecCondition",
                        UnitFile.command("/usr/bin/awk", UNLESS_MOUNTED, listed(), "/proc/self/mountinfo"))
                .set("ExecStartPre", UnitFile.command("/usr/bin/mkdir", "-p", "-m", spec.directoryMode(), spec.path()))
                .set("ExecStart", UnitFile.command("/usr/bin/chattr", protect ? "+i" : "-i", spec.path()));
        if (protect) {
            unit.set("ExecStop", UnitFile.command("/usr/bin/chattr", "-i", spec.path()));
        }
        return unit.set("TimeoutSec", "10s");
    }

    /** As mountinfo lists it (proc_pid_mountinfo(5)); other characters that it escapes are in no path of ours. */
    private String listed() {
        return spec.path().replace("\\", "\\134").replace(" ", "\\040");
    }

    private UnitFile automountUnit() {
        return install(UnitFile.startingWith(Header.of(workload))
                .section("Unit")
                .set("Description", Header.title(workload))
                .set("Wants", mountPoint(spec))
                .set("After", mountPoint(spec))
                .section("Automount")
                .set("Where", spec.path())
                .set(
                        "TimeoutIdleSec",
                        Integer.toString(Durations.seconds(spec.automount().idleTimeout())))
                .set("DirectoryMode", spec.directoryMode()));
    }

    private UnitFile install(UnitFile unit) {
        return unit.section("Install").set("WantedBy", target(trigger(spec)));
    }

    private List<String> options() {
        List<String> options = new ArrayList<>(kernelOptions());
        options.addAll(FOR_SYSTEMD);
        return options;
    }

    /** Those that are not for systemd. Where one is there twice, the last counts. */
    List<String> kernelOptions() {
        List<String> options = new ArrayList<>(FileSystem.of(spec.type()).mountOptions(spec.options()));
        options.addAll(ownership);
        options.addAll(credentials.options());
        if (spec.readOnly()) {
            options.add("ro");
        }
        options.addAll(SAFE);
        return options;
    }
}
