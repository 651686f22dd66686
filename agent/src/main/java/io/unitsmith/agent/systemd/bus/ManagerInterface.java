package io.unitsmith.agent.systemd.bus;

import java.util.List;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;

/** The manager object: PID 1 itself. */
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface ManagerInterface extends DBusInterface {

    @DBusMemberName("Subscribe")
    void subscribe();

    @DBusMemberName("ListUnits")
    List<ListedUnit> listUnits();

    @DBusMemberName("StartUnit")
    DBusPath startUnit(String name, String mode);

    @DBusMemberName("StopUnit")
    DBusPath stopUnit(String name, String mode);

    @DBusMemberName("RestartUnit")
    DBusPath restartUnit(String name, String mode);

    @DBusMemberName("ReloadUnit")
    DBusPath reloadUnit(String name, String mode);

    @DBusMemberName("ResetFailedUnit")
    void resetFailedUnit(String name);

    @DBusMemberName("Reload")
    void reload();

    @DBusMemberName("SetUnitProperties")
    void setUnitProperties(String name, boolean runtime, List<UnitProperty> properties);

    @DBusMemberName("EnableUnitFiles")
    EnabledUnitFiles enableUnitFiles(List<String> files, boolean runtime, boolean force);

    /** A job is over. */
    class JobRemoved extends DBusSignal {

        private final String job;
        private final String result;

        public JobRemoved(String path, UInt32 id, DBusPath job, String unit, String result) throws DBusException {
            super(path, id, job, unit, result);
            this.job = job.getPath();
            this.result = result;
        }

        public String job() {
            return job;
        }

        /** {@code done}, {@code canceled}, {@code timeout}, {@code failed}, {@code dependency} or {@code skipped}. */
        public String result() {
            return result;
        }
    }
}
