package io.unitsmith.agent.systemd;

import io.unitsmith.agent.systemd.bus.ListedUnit;
import io.unitsmith.agent.unit.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.freedesktop.dbus.errors.UnknownObject;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.systemd1.NoSuchUnit;
import org.jspecify.annotations.Nullable;

/** What is read of a unit from its properties on the bus: org.freedesktop.systemd1(5). */
final class UnitProperties {

    static final String UNIT = BusConnection.SERVICE + ".Unit";

    private UnitProperties() {}

    /** A Result says something only of a unit that failed, and the other details are those of a process. */
    static UnitState state(BusConnection bus, ListedUnit unit) throws DBusException {
        String type = BusConnection.SERVICE + "." + typeOf(unit.name());
        boolean failed = unit.activeState().equals("failed");
        boolean process =
                unit.name().endsWith(".service") && !unit.activeState().equals("inactive");
        try {
            Properties properties = bus.properties(unit.path());
            String result = failed || process ? properties.<String>Get(type, "Result") : "";
            @Nullable String statusText = process ? properties.<String>Get(type, "StatusText") : null;
            int pid = process ? properties.<UInt32>Get(type, "ExecMainPID").intValue() : 0;
            boolean inactive = unit.activeState().equals("inactive");
            @Nullable Instant ended = unit.name().endsWith(".mount") && (failed || inactive) ? ended(properties) : null;
            return new UnitState(
                    unit.name(),
                    unit.loadState(),
                    unit.activeState(),
                    unit.subState(),
                    result,
                    statusText,
                    pid,
                    inactive && ended != null ? lasted(properties, ended) : null,
                    ended);
        } catch (NoSuchUnit | UnknownObject e) {
            return UnitState.absent(unit.name()); // unloaded since it was listed
        }
    }

    /** What systemd takes away is deactivating in between; what goes by itself is inactive at once. */
    private static @Nullable Duration lasted(Properties unit, Instant ended) {
        return ended.equals(instant(unit.Get(UNIT, "ActiveExitTimestamp")))
                ? Duration.between(instant(unit.Get(UNIT, "ActiveEnterTimestamp")), ended)
                : null;
    }

    private static @Nullable Instant ended(Properties unit) {
        Instant ended = instant(unit.Get(UNIT, "InactiveEnterTimestamp"));
        return ended.equals(Instant.EPOCH) ? null : ended;
    }

    private static String typeOf(String unit) {
        String suffix = unit.substring(unit.lastIndexOf('.') + 1);
        return suffix.substring(0, 1).toUpperCase(Locale.ROOT) + suffix.substring(1);
    }

    static Since since(Properties unit) {
        return new Since(
                instant(unit.Get(UNIT, "ActiveEnterTimestamp")), instant(unit.Get(UNIT, "StateChangeTimestamp")));
    }

    private static Instant instant(UInt64 microseconds) {
        return Instant.EPOCH.plus(microseconds.longValue(), ChronoUnit.MICROS);
    }
}
