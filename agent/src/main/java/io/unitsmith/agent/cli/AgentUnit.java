package io.unitsmith.agent.cli;

import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agent's own service. */
final class AgentUnit {

    static final String NAME = "unitsmith-agent.service";

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Systemd systemd;

    AgentUnit(Systemd systemd) {
        this.systemd = systemd;
    }

    UnitState state() {
        return systemd.states(List.of(NAME)).getOrDefault(NAME, UnitState.absent(NAME));
    }

    /** Starts it, also at every boot from now on, if it does not run. One that takes its time is not waited for. */
    void ensureRunning() throws IOException {
        if (!state().isActive()) {
            systemd.enable(NAME);
            Job.@Nullable Result started =
                    systemd.run(Job.START, List.of(NAME), DEADLINE).get(NAME);
            if (started != null && !started.done() && !started.equals(Job.Result.PENDING)) {
                throw new IOException("%s did not start (%s): see journalctl -u %1$s".formatted(NAME, started.text()));
            }
        }
    }
}
