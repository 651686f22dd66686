package io.unitsmith.agent.systemd;

import io.unitsmith.agent.systemd.bus.ListedUnit;
import io.unitsmith.agent.systemd.bus.ManagerInterface;
import io.unitsmith.agent.systemd.bus.UnitProperty;
import io.unitsmith.agent.unit.UnitState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.freedesktop.dbus.errors.UnknownObject;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;
import org.freedesktop.systemd1.NoSuchUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * systemd on the system bus. It connects when it is asked something, and again by itself after the bus or systemd went
 * away and came back; who listens for changes is told of that, since what changed meanwhile is not known.
 */
public final class BusSystemd implements Systemd, AutoCloseable {

    /** Where the system bus is, on every host with systemd. */
    public static final String SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket";

    private static final Logger LOG = LoggerFactory.getLogger(BusSystemd.class);
    private static final String REPLACE = "replace";

    private final EndedJobs endedJobs = new EndedJobs();
    private final UnitWatch watch = new UnitWatch();
    private final Line<BusConnection> line;

    /** Jobs that nobody waits for any more, by their unit. */
    private final Map<String, String> overdue = new HashMap<>();

    /**
     * Connects at the first call.
     *
     * @param address the bus, such as {@code unix:path=/run/dbus/system_bus_socket}
     */
    public BusSystemd(String address) {
        this.line = new Line<>(
                () -> BusConnection.open(address, endedJobs, watch, this::lost), System::nanoTime, Thread::sleep);
    }

    private void lost() {
        endedJobs.lost();
        watch.lost();
    }

    @Override
    public Map<String, UnitState> states(Collection<String> units) {
        Set<String> wanted = new HashSet<>(units);
        return line.ask("ask for the state of units", bus -> {
            watch.follow(wanted);
            Map<String, UnitState> states =
                    wanted.stream().collect(Collectors.toMap(name -> name, UnitState::absent, (a, b) -> a));
            for (ListedUnit unit : bus.manager().listUnits()) {
                if (wanted.contains(unit.name())) {
                    states.put(unit.name(), UnitProperties.state(bus, unit));
                }
            }
            return states;
        });
    }

    @Override
    public Map<String, Job.Result> run(Job job, Collection<String> units, Duration deadline) {
        Map<String, Job.Result> results = new LinkedHashMap<>();
        long end = System.nanoTime() + deadline.toNanos();
        Set<String> left = new LinkedHashSet<>(units);
        while (!left.isEmpty()) {
            Map<String, String> underWay = enqueue(job, left, results);
            EndedJobs.Outcome outcome =
                    endedJobs.await(underWay.values(), Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            underWay.forEach((unit, path) -> {
                @Nullable String text = outcome.results().get(path);
                if (text != null) {
                    results.put(unit, result(text));
                } else if (outcome.complete()) {
                    overdue.put(unit, path);
                    results.put(unit, Job.Result.PENDING);
                }
            });
            left.removeAll(results.keySet());
        }
        return results;
    }

    /** The jobs that are worth waiting for, by their unit; what is known of the others goes to the results. */
    private Map<String, String> enqueue(Job job, Set<String> units, Map<String, Job.Result> results) {
        Map<String, String> underWay = new LinkedHashMap<>();
        endedJobs.listen();
        return line.ask("start jobs", bus -> {
            underWay.clear(); // of a connection that broke half way
            for (String unit : units) {
                try {
                    String path = enqueue(bus.manager(), job, unit);
                    if (path.equals(overdue.get(unit))) {
                        results.put(unit, Job.Result.PENDING);
                    } else {
                        overdue.remove(unit);
                        underWay.put(unit, path);
                    }
                } catch (DBusExecutionException e) {
                    if (!bus.isUp() || Line.isOfTheBus(e)) {
                        throw e;
                    }
                    boolean gone = job == Job.STOP && e instanceof NoSuchUnit;
                    results.put(unit, gone ? Job.Result.DONE : new Job.Result(false, String.valueOf(e.getMessage())));
                }
            }
            return underWay;
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

    private static Job.Result result(String text) {
        return text.equals("done") ? Job.Result.DONE : new Job.Result(false, text);
    }

    @Override
    public boolean needsDaemonReload(Collection<String> units) {
        return line.ask("ask whether units need a daemon-reload", bus -> {
            for (String unit : units) {
                try {
                    if (bus.properties(UnitWatch.objectPath(unit))
                            .<Boolean>Get(UnitProperties.UNIT, "NeedDaemonReload")) {
                        return true;
                    }
                } catch (NoSuchUnit | UnknownObject e) {
                    // what is not loaded is read when it is
                }
            }
            return false;
        });
    }

    @Override
    public Map<String, Since> since(Collection<String> units) {
        Map<String, UnitState> states = states(units);
        return line.ask("ask since when units are active", bus -> {
            Map<String, Since> since = new HashMap<>();
            for (UnitState unit : states.values()) {
                try {
                    if (unit.isActive()) {
                        since.put(unit.name(), UnitProperties.since(bus.properties(UnitWatch.objectPath(unit.name()))));
                    }
                } catch (NoSuchUnit | UnknownObject e) {
                    // unloaded since it was listed
                }
            }
            return since;
        });
    }

    @Override
    public void daemonReload() {
        try {
            line.ask("reload systemd", bus -> {
                bus.manager().reload();
                return true;
            });
        } catch (SystemdException e) {
            if (e.getCause() instanceof DBusExecutionException cause && !Line.isOfTheBus(cause)) {
                throw new ReloadRefused("systemd refuses to reload: " + cause.getMessage(), cause);
            }
            throw e;
        }
    }

    @Override
    public void applyLimits(Collection<String> slices) {
        line.ask("apply the limits of slices", bus -> {
            for (ListedUnit unit : bus.manager().listUnits()) {
                if (slices.contains(unit.name()) && unit.activeState().equals("active")) {
                    applyLimits(bus, unit);
                }
            }
            return true;
        });
    }

    private static void applyLimits(BusConnection bus, ListedUnit slice) throws DBusException {
        try {
            Properties properties = bus.properties(slice.path());
            List<UnitProperty> limits = new ArrayList<>();
            for (String limit : List.of("CPUQuotaPerSecUSec", "MemoryMax", "TasksMax")) {
                limits.add(new UnitProperty(
                        limit, new Variant<>(properties.<UInt64>Get(BusConnection.SERVICE + ".Slice", limit))));
            }
            bus.manager().setUnitProperties(slice.name(), true, limits);
            LOG.info("handed the limits of {} to the kernel", slice.name());
        } catch (NoSuchUnit | UnknownObject e) {
            // unloaded since it was listed
        } catch (DBusExecutionException e) {
            if (!bus.isUp() || Line.isOfTheBus(e)) {
                throw e;
            }
            LOG.warn("{} gets its limits when it is next started: {}", slice.name(), e.getMessage());
        }
    }

    @Override
    public void applyAccess(Collection<String> sockets) {
        List<SocketAccess> wanted = line.ask("ask for the access to sockets", bus -> {
            List<SocketAccess> all = new ArrayList<>();
            for (String socket : sockets) {
                all.add(SocketAccess.of(bus.properties(UnitWatch.objectPath(socket))));
            }
            return all;
        });
        wanted.forEach(SocketAccess::apply);
    }

    @Override
    public void resetFailed(String unit) {
        line.ask("reset " + unit, bus -> {
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
        return line.ask(
                "ask for systemd's version",
                bus -> bus.properties(BusConnection.PATH).Get(BusConnection.SERVICE + ".Manager", "Version"));
    }

    @Override
    public void enable(String unit) {
        line.ask("enable " + unit, bus -> bus.manager().enableUnitFiles(List.of(unit), false, true));
    }

    @Override
    public void onChange(Runnable listener) {
        watch.listener(listener);
    }

    @Override
    public void close() {
        line.hangUp();
    }
}
