package io.unitsmith.agent.idle;

import io.unitsmith.agent.facts.ProcessTable;
import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.agent.workload.Workload;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops payloads that nobody uses. A use that comes at that very moment is not lost: what is under way is finished before
 * the payload ends, and what comes later waits at the trigger, which starts the payload again.
 */
public final class IdleStops {

    private static final Logger LOG = LoggerFactory.getLogger(IdleStops.class);

    /** What is idle stops at once; one that got something to do meanwhile goes on stopping, and is not waited for. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Systemd systemd;
    private final ProcessTable processes;
    private final Clock clock;
    private final Idleness idleness = new Idleness();

    public IdleStops(Systemd systemd, ProcessTable processes, Clock clock) {
        this.systemd = systemd;
        this.processes = processes;
        this.clock = clock;
    }

    /**
     * What was seen, and done.
     *
     * @param uses of payloads that run
     * @param stopped those of them that were stopped, since nobody uses them
     */
    public record Outcome(Map<String, Use> uses, Set<String> stopped) {}

    /**
     * Looks at all of them, and stops those that have been idle for long enough.
     *
     * @param workloads what is in force, and not in the midst of a change, by the unit of its payload
     * @param units the state of everything in force, as it was a moment ago
     */
    public Outcome turn(Map<String, Workload> workloads, Map<String, UnitState> units) {
        Map<String, Use> uses = look(workloads, units);
        Set<String> due = idleness.due(uses, clock.instant());
        return new Outcome(uses, due.isEmpty() ? Set.of() : stop(due, workloads, units));
    }

    private Set<String> stop(Set<String> due, Map<String, Workload> workloads, Map<String, UnitState> units) {
        Map<String, Workload> asked = new HashMap<>(workloads);
        asked.keySet().retainAll(due);
        Set<String> idle = new TreeSet<>();
        look(asked, systemd.states(units.keySet())).forEach((unit, use) -> {
            if (idleness.isStillDue(unit, use)) {
                idle.add(unit);
            }
        });
        Set<String> stopped = new TreeSet<>();
        if (!idle.isEmpty()) {
            systemd.run(Job.STOP, List.copyOf(idle), DEADLINE).forEach((unit, result) -> {
                LOG.info("stop {}, which nobody uses: {}", unit, result.text());
                if (result.done()) {
                    stopped.add(unit);
                }
            });
        }
        return stopped;
    }

    private Map<String, Use> look(Map<String, Workload> workloads, Map<String, UnitState> units) {
        Map<String, Use> uses = new HashMap<>();
        workloads.forEach((unit, workload) -> {
            @Nullable UnitState state = units.get(unit);
            if (state != null && state.activeState().equals("active") && state.mainPid() > 0) {
                try {
                    workload.use(state, processes.of(state.mainPid())).ifPresent(use -> uses.put(unit, use));
                } catch (IOException e) {
                    LOG.debug("it cannot be told whether {} is idle: {}", unit, e.getMessage());
                }
            }
        });
        return uses;
    }
}
