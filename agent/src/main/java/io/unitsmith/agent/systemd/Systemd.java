package io.unitsmith.agent.systemd;

import io.unitsmith.agent.unit.UnitState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** systemd, as much of it as the agent needs. Every method may throw {@link SystemdException}. */
public interface Systemd {

    /** Where systemd writes down what it was told of a unit until the next boot (systemd.unit(5)). */
    String CONTROL = "/run/systemd/system.control/";

    /** What {@link #applyLimits} leaves there, in the unit's folder. */
    List<String> LIMITS = List.of("50-CPUQuota.conf", "50-MemoryMax.conf", "50-TasksMax.conf");

    /** The state of each of these units; those that are not loaded are {@link UnitState#absent}, and are not loaded by this. */
    Map<String, UnitState> states(Collection<String> units);

    /**
     * Runs the same job for all units at once, and waits for the results until the deadline; jobs that are still under way then go on.
     * Stopping a unit that is not there is done.
     */
    Map<String, Job.Result> run(Job job, Collection<String> units, Duration deadline);

    /** Whether one of these units is loaded from files that have changed since. */
    boolean needsDaemonReload(Collection<String> units);

    /** Those of these units that are loaded from files that have changed since. */
    default Set<String> loadedFromOldFiles(Collection<String> units) {
        return units.stream().filter(unit -> needsDaemonReload(Set.of(unit))).collect(Collectors.toSet());
    }

    /** Since when those of the units that are active have been so. */
    Map<String, Since> since(Collection<String> units);

    void daemonReload();

    /**
     * Hands the limits that these slices are loaded with to the kernel, of those that are active: at a daemon-reload
     * systemd only takes note of them. It writes them down as drop-ins ({@code systemctl set-property --runtime}), in {@link
     * #CONTROL}, which count for more than the slice's own file: they are to be removed.
     */
    void applyLimits(Collection<String> slices);

    /**
     * Gives the files of these sockets the group and mode that they are loaded with: systemd itself does so only when it
     * makes a socket, and to have it made anew would refuse connections.
     */
    void applyAccess(Collection<String> sockets);

    /** Forgets that the unit failed, so that it may start again, and may be unloaded. */
    void resetFailed(String unit);

    /** The whole version, such as {@code 257.9-1~deb13u1}. */
    String version();

    /** Makes the unit start at boot. */
    void enable(String unit);

    /** Has this run whenever the state of a unit changes that {@link #states} was last asked about, or the connection is lost. */
    void onChange(Runnable listener);
}
