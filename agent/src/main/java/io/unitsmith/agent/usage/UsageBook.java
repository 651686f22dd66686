package io.unitsmith.agent.usage;

import io.unitsmith.agent.facts.ControlGroups;
import io.unitsmith.agent.facts.MemoryUse;
import io.unitsmith.agent.idle.IdleStops;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.usage.Usage.Running;
import io.unitsmith.agent.workload.Use;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps count of the use that is made of every payload in force, for as long as the agent runs. */
public final class UsageBook {

    private static final Logger LOG = LoggerFactory.getLogger(UsageBook.class);

    private final ControlGroups groups;
    private final Clock clock;
    private Map<String, Usage> usages = Map.of();

    public UsageBook(ControlGroups groups, Clock clock) {
        this.groups = groups;
        this.clock = clock;
    }

    /**
     * Takes note of what is seen in one turn.
     *
     * @param payloads everything in force, by unit; what is not among them is forgotten
     * @param seen what was seen of those that run
     * @return the use of each that use can be seen of, by unit
     */
    public Map<String, Usage> turn(Collection<UnitState> payloads, IdleStops.Outcome seen) {
        Map<String, Usage> now = new HashMap<>();
        for (UnitState payload : payloads) {
            String unit = payload.name();
            @Nullable Usage before = usages.get(unit);
            @Nullable Use use = seen.uses().get(unit);
            if (!unit.endsWith(".service")) {
                continue; // a mount's use cannot be seen
            }
            if (use == null && payload.isActive()) {
                if (before != null) {
                    now.put(unit, before); // in the midst of a change nothing is known, and nothing forgotten
                }
                continue;
            }
            @Nullable Running running = use == null ? null : running(payload, use, before);
            now.put(
                    unit,
                    before == null
                            ? Usage.since(running)
                            : before.then(running, seen.stopped().contains(unit), clock.instant()));
        }
        usages = now;
        return Map.copyOf(now);
    }

    private Running running(UnitState payload, Use use, @Nullable Usage before) {
        @Nullable Running then = before == null ? null : before.now();
        @Nullable MemoryUse memory = then != null && then.pid() == payload.mainPid() ? then.memory() : null;
        try {
            memory = groups.memory(payload.mainPid()).orElse(memory);
        } catch (IOException | NumberFormatException e) {
            LOG.debug("the memory of {} cannot be told: {}", payload.name(), e.getMessage());
        }
        return new Running(payload.mainPid(), use, memory);
    }
}
