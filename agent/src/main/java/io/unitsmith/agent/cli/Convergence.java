package io.unitsmith.agent.cli;

import io.unitsmith.agent.report.HostStatus;
import io.unitsmith.agent.report.StatusFile;
import io.unitsmith.agent.standalone.Progress;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Waits until the agent has done what was asked of it. */
final class Convergence {

    /** Exit code: not in time. */
    static final int NOT_CONVERGED = 3;

    private static final Duration PAUSE = Duration.ofMillis(100);

    @Option(
            names = "--timeout",
            defaultValue = "2m",
            converter = Seconds.class,
            paramLabel = "TIME",
            description = "How long to wait for it, such as 90s or 5m; $${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofMinutes(2);

    private static final class Seconds implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Duration.ofSeconds(Durations.seconds(text));
        }
    }

    /** How far the agent is with one workload, by what the agent that runs now has written. */
    interface Question {
        Progress ask(@Nullable HostStatus status) throws IOException;
    }

    /**
     * Asks until all of it has come to an end, or the time is over.
     *
     * @param told hears of every end, and at last of what is still under way
     * @return the exit code
     */
    int await(Machine machine, Map<WorkloadReference, Question> asked, BiConsumer<WorkloadReference, Progress> told)
            throws IOException {
        Instant deadline = machine.clock().instant().plus(timeout);
        Map<WorkloadReference, Question> open = new LinkedHashMap<>(asked);
        Map<WorkloadReference, Progress> waiting = new LinkedHashMap<>();
        boolean failed = false;
        while (!open.isEmpty()) {
            @Nullable HostStatus status = status(machine);
            waiting.clear();
            for (Map.Entry<WorkloadReference, Question> entry : open.entrySet()) {
                Progress progress = entry.getValue().ask(status);
                failed |= progress instanceof Progress.Failed;
                if (progress instanceof Progress.UnderWay) {
                    waiting.put(entry.getKey(), progress);
                } else {
                    told.accept(entry.getKey(), progress);
                }
            }
            open.keySet().retainAll(waiting.keySet());
            if (!open.isEmpty() && !pause(machine.clock().instant().isBefore(deadline))) {
                break;
            }
        }
        waiting.keySet().retainAll(open.keySet());
        waiting.forEach(told);
        return failed ? ExitCode.SOFTWARE : open.isEmpty() ? ExitCode.OK : NOT_CONVERGED;
    }

    /** What an agent before this one has written says nothing of now. */
    private static @Nullable HostStatus status(Machine machine) throws IOException {
        Optional<HostStatus> status = new StatusFile(machine.files()).load();
        UnitState agent = new AgentUnit(machine.systemd()).state();
        return status.filter(written -> agent.isActive() && written.agent().pid() == agent.mainPid())
                .orElse(null);
    }

    private static boolean pause(boolean again) throws IOException {
        try {
            if (again) {
                Thread.sleep(PAUSE);
            }
            return again;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
