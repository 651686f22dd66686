package io.unitsmith.agent.usage;

import io.unitsmith.agent.facts.MemoryUse;
import io.unitsmith.agent.workload.Use.Counts;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Metrics as Prometheus reads them: its text exposition format, version 0.0.4. Counters begin anew with the agent. */
public final class Metrics {

    private final StringBuilder text = new StringBuilder();
    private final List<Subject> subjects;

    /**
     * A workload that is on this host.
     *
     * @param usage null if no use can be seen of it
     */
    public record Subject(
            WorkloadReference workload, Live live, @Nullable Usage usage) {}

    private Metrics(Collection<Subject> subjects) {
        this.subjects = subjects.stream()
                .sorted(Comparator.comparing((Subject one) -> one.workload().kind())
                        .thenComparing(one -> labels(one, Map.of())))
                .toList();
    }

    /** All metrics of these, each family once, in the same order every time. */
    public static String of(String agentVersion, Collection<Subject> subjects) {
        var metrics = new Metrics(subjects);
        metrics.head("unitsmith_agent_info", "gauge", "The agent that wrote this.");
        metrics.text.append("unitsmith_agent_info{version=\"%s\"} 1\n".formatted(escaped(agentVersion)));
        metrics.states();
        metrics.uses();
        return metrics.text.toString();
    }

    private void states() {
        head("unitsmith_workload_state", "gauge", "1 for the state that the workload is in, as in status.live.state.");
        for (Subject subject : subjects) {
            String state = subject.live().state().text();
            text.append("unitsmith_workload_state{kind=\"%s\",%s} 1\n"
                    .formatted(subject.workload().kind(), labels(subject, Map.of("state", state))));
        }
        head("unitsmith_pool_php_info", "gauge", "The exact version of PHP that is installed for the pool.");
        for (Subject subject : subjects) {
            if (subject.live().phpVersion() != null) {
                sample(
                        "unitsmith_pool_php_info",
                        subject,
                        Map.of("version", subject.live().phpVersion()),
                        1L);
            }
        }
    }

    private void uses() {
        head("unitsmith_pool_processes", "gauge", "Processes of PHP-FPM, as it counts them itself.");
        for (Subject subject : subjects) {
            sample("unitsmith_pool_processes", subject, Map.of("state", "active"), count(subject, Counts::active));
            sample("unitsmith_pool_processes", subject, Map.of("state", "idle"), count(subject, Counts::idle));
        }
        counter("unitsmith_pool_requests_total", "Requests that have begun.", Usage::requests);
        counter("unitsmith_pool_slow_requests_total", "Requests that slowlog has taken note of.", Usage::slowRequests);
        counter("unitsmith_pool_starts_total", "Starts of the PHP-FPM master.", Usage::starts);
        counter("unitsmith_pool_idle_stops_total", "Stops of the master, since nobody used it.", Usage::idleStops);
        counter("unitsmith_pool_oom_kills_total", "Processes that the kernel killed for memory.", Usage::oomKills);
        family(
                "unitsmith_pool_memory_bytes",
                "gauge",
                "Memory of the pool's control group, caches of files included.",
                Metrics::bytes);
        family(
                "unitsmith_pool_last_activity_timestamp_seconds",
                "gauge",
                "When use of the pool was last seen.",
                usage -> seconds(usage.lastActivity()));
    }

    private static @Nullable Long bytes(Usage usage) {
        @Nullable MemoryUse memory = usage.now() == null ? null : usage.now().memory();
        return memory == null ? null : memory.bytes();
    }

    private static @Nullable Long seconds(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond();
    }

    /** Nothing runs: then there are none. Something runs that does not count: then it is not known. */
    private static @Nullable Long count(Subject subject, Function<Counts, Integer> which) {
        @Nullable Usage usage = subject.usage();
        if (usage == null) {
            return null;
        }
        if (usage.now() == null) {
            return 0L;
        }
        @Nullable Counts counts = usage.now().use().counts();
        return counts == null ? null : which.apply(counts).longValue();
    }

    private void counter(String name, String help, Function<Usage, @Nullable Long> value) {
        family(name, "counter", help, value);
    }

    private void family(String name, String type, String help, Function<Usage, @Nullable Long> value) {
        head(name, type, help);
        for (Subject subject : subjects) {
            if (subject.usage() != null) {
                sample(name, subject, Map.of(), value.apply(subject.usage()));
            }
        }
    }

    private void head(String name, String type, String help) {
        text.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
    }

    private void sample(String name, Subject subject, Map<String, String> more, @Nullable Long value) {
        if (value != null) {
            text.append("%s{%s} %d\n".formatted(name, labels(subject, more), value));
        }
    }

    private static String labels(Subject subject, Map<String, String> more) {
        WorkloadReference workload = subject.workload();
        return "namespace=\"%s\",name=\"%s\"".formatted(escaped(workload.namespace()), escaped(workload.name()))
                + more.entrySet().stream()
                        .map(label -> ",%s=\"%s\"".formatted(label.getKey(), escaped(label.getValue())))
                        .collect(Collectors.joining());
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
