package io.unitsmith.agent.systemd;

import io.unitsmith.agent.systemd.bus.ListedUnit;
import io.unitsmith.agent.systemd.bus.ManagerInterface;
import io.unitsmith.agent.unit.UnitState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.systemd1.NoSuchUnit;
import org.jspecify.annotations.Nullable;

/**
 * systemd on the system bus. A lost connection fails the call that finds it lost; the next call makes a new one, with its
 * matches and subscription.
 */
public final class BusSystemd implements Systemd, AutoCloseable {

    /** Where the system bus is, on every host with systemd. */
    public static final String SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket";

    private static final String UNIT = BusConnection.SERVICE + ".Unit";
    private static final String REPLACE = "replace";

    private final String address;
    private final EndedJobs endedJobs = new EndedJobs();
    private final UnitWatch watch = new UnitWatch();
    private @Nullable BusConnection current;

    /**
     * Connects at the first call.
     *
     * @param address the bus, such as {@code unix:path=/run/dbus/system_bus_socket}
     */
    public BusSystemd(String address) {
        this.address = address;
    }

    @Override
    public Map<String, UnitState> states(Collection<String> units) {
        Set<String> wanted = new HashSet<>(units);
        return call("ask for the state of units", bus -> {
            watch.follow(wanted);
            Map<String, UnitState> states =
                    wanted.stream().collect(Collectors.toMap(name -> name, UnitState::absent, (a, b) -> a));
            for (ListedUnit unit : bus.manager().listUnits()) {
                if (wanted.contains(unit.name())) {
                    states.put(unit.name(), state(bus, unit));
                }
            }
            return states;
        });
    }

    /** A Result says something only of a unit that failed, and the other details are those of a process. */
    private static UnitState state(BusConnection bus, ListedUnit unit) throws DBusException {
        String type = BusConnection.SERVICE + "." + typeOf(unit.name());
        boolean failed = unit.activeState().equals("failed");
        boolean process =
                unit.name().endsWith(".service") && !unit.activeState().equals("inactive");
        try {
            Properties properties = bus.properties(unit.path());
            String result = failed || process ? properties.<String>Get(type, "Result") : "";
            @Nullable String statusText = process ? properties.<String>Get(type, "StatusText") : null;
            int pid = process ? properties.<UInt32>Get(type, "ExecMainPID").intValue() : 0;
            return new UnitState(
                    unit.name(), unit.loadState(), unit.activeState(), unit.subState(), result, statusText, pid);
        } catch (DBusExecutionException e) {
            if (!bus.isConnected()) {
                throw e;
            }
            return UnitState.absent(unit.name()); // unloaded since it was listed
        }
    }

    private static String typeOf(String unit) {
        String suffix = unit.substring(unit.lastIndexOf('.') + 1);
        return suffix.substring(0, 1).toUpperCase(Locale.ROOT) + suffix.substring(1);
    }

    @Override
    public Map<String, Job.Result> run(Job job, Collection<String> units, Duration deadline) {
        return call("start jobs", bus -> {
            Map<String, Job.Result> results = new LinkedHashMap<>();
            Map<String, String> underWay = new LinkedHashMap<>();
            endedJobs.listen();
            for (String unit : units) {
                try {
                    underWay.put(unit, enqueue(bus.manager(), job, unit));
                } catch (DBusExecutionException e) {
                    if (!bus.isConnected()) {
                        throw e;
                    }
                    boolean gone = job == Job.STOP && e instanceof NoSuchUnit;
                    results.put(unit, gone ? Job.Result.DONE : new Job.Result(false, String.valueOf(e.getMessage())));
                }
            }
            Map<String, String> ended = endedJobs.await(underWay.values(), deadline);
            underWay.forEach((unit, path) -> results.put(unit, result(ended.get(path))));
            return results;
        });
    }

    private static String enqueue(ManagerInterface manager, Job job, String unit) {
        return (switch (job) {
                    case START -> manager.startUnit(unit, REPLACE);
                    case STOP -> manager.stopUnit(unit, REPLACE);
                    case RESTART -> manager.restartUnit(unit, REPLACE);
                    case RELOAD -> manager.reloadUnit(unit, REPLACE);
                })
                .getPath();
    }

    private static Job.Result result(@Nullable String text) {
        return switch (text) {
            case null -> Job.Result.PENDING;
            case "done" -> Job.Result.DONE;
            default -> new Job.Result(false, text);
        };
    }

    @Override
    public boolean needsDaemonReload(Collection<String> units) {
        return call("ask whether units need a daemon-reload", bus -> {
            for (String unit : units) {
                try {
                    if (bus.properties(UnitWatch.objectPath(unit)).<Boolean>Get(UNIT, "NeedDaemonReload")) {
                        return true;
                    }
                } catch (DBusExecutionException e) {
                    if (!bus.isConnected()) {
                        throw e;
                    }
                }
            }
            return false;
        });
    }

    @Override
    public void daemonReload() {
        call("reload systemd", bus -> {
            bus.manager().reload();
            return true;
        });
    }

    @Override
    public void resetFailed(String unit) {
        call("reset " + unit, bus -> {
            try {
                bus.manager().resetFailedUnit(unit);
            } catch (NoSuchUnit e) {
                return false; // nothing to forget
            }
            return true;
        });
    }

    @Override
    public String version() {
        return call(
                "ask for systemd's version",
                bus -> bus.properties(BusConnection.PATH).Get(BusConnection.SERVICE + ".Manager", "Version"));
    }

    @Override
    public void enable(String unit) {
        call("enable " + unit, bus -> bus.manager().enableUnitFiles(List.of(unit), false, true));
    }

    @Override
    public void onChange(Runnable listener) {
        watch.listener(listener);
    }

    @Override
    public synchronized void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    private synchronized <T> T call(String what, Question<T> question) {
        try {
            if (current == null || !current.isConnected()) {
                close();
                current = BusConnection.open(address, endedJobs, watch);
            }
            return question.ask(current);
        } catch (DBusException | DBusExecutionException e) {
            throw new SystemdException("could not " + what + ": " + e.getMessage(), e);
        }
    }

    private interface Question<T> {
        T ask(BusConnection bus) throws DBusException;
    }
}
