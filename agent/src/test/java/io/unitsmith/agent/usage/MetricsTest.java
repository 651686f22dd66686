package io.unitsmith.agent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.MemoryUse;
import io.unitsmith.agent.usage.Metrics.Subject;
import io.unitsmith.agent.usage.Usage.Running;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.agent.workload.Use.Counts;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void aHostWithAPoolThatRunsOneThatIsIdleAndAMount() {
        var use = new Use(null, false, "", Set.of(), new Counts(2, 3, 40, 1));
        var runs = new Usage(
                2,
                1,
                123,
                4,
                5,
                Instant.EPOCH,
                Instant.ofEpochSecond(1767225600),
                new Running(7, use, new MemoryUse(52428800, 5)));
        assertThat(Metrics.of(
                        "0.1.0",
                        List.of(
                                subject("RemoteMount", "files", State.MOUNTED, null, null),
                                subject("PhpFpmPool", "shop", State.READY, "8.4.24", runs),
                                subject("PhpFpmPool", "blog", State.IDLE, "8.2.32", Usage.since(null)))))
                .isEqualTo("""
                        # HELP unitsmith_agent_info The agent that wrote this.
                        # TYPE unitsmith_agent_info gauge
                        unitsmith_agent_info{version="0.1.0"} 1
                        # HELP unitsmith_workload_state 1 for the state that the workload is in, as in status.live.state.
                        # TYPE unitsmith_workload_state gauge
                        unitsmith_workload_state{kind="PhpFpmPool",namespace="a",name="blog",state="Idle"} 1
                        unitsmith_workload_state{kind="PhpFpmPool",namespace="a",name="shop",state="Ready"} 1
                        unitsmith_workload_state{kind="RemoteMount",namespace="a",name="files",state="Mounted"} 1
                        # HELP unitsmith_pool_php_info The exact version of PHP that is installed for the pool.
                        # TYPE unitsmith_pool_php_info gauge
                        unitsmith_pool_php_info{namespace="a",name="blog",version="8.2.32"} 1
                        unitsmith_pool_php_info{namespace="a",name="shop",version="8.4.24"} 1
                        # HELP unitsmith_pool_processes Processes of PHP-FPM, as it counts them itself.
                        # TYPE unitsmith_pool_processes gauge
                        unitsmith_pool_processes{namespace="a",name="blog",state="active"} 0
                        unitsmith_pool_processes{namespace="a",name="blog",state="idle"} 0
                        unitsmith_pool_processes{namespace="a",name="shop",state="active"} 2
                        unitsmith_pool_processes{namespace="a",name="shop",state="idle"} 3
                        # HELP unitsmith_pool_requests_total Requests that have begun.
                        # TYPE unitsmith_pool_requests_total counter
                        unitsmith_pool_requests_total{namespace="a",name="blog"} 0
                        unitsmith_pool_requests_total{namespace="a",name="shop"} 123
                        # HELP unitsmith_pool_slow_requests_total Requests that slowlog has taken note of.
                        # TYPE unitsmith_pool_slow_requests_total counter
                        unitsmith_pool_slow_requests_total{namespace="a",name="blog"} 0
                        unitsmith_pool_slow_requests_total{namespace="a",name="shop"} 4
                        # HELP unitsmith_pool_starts_total Starts of the PHP-FPM master.
                        # TYPE unitsmith_pool_starts_total counter
                        unitsmith_pool_starts_total{namespace="a",name="blog"} 0
                        unitsmith_pool_starts_total{namespace="a",name="shop"} 2
                        # HELP unitsmith_pool_idle_stops_total Stops of the master, since nobody used it.
                        # TYPE unitsmith_pool_idle_stops_total counter
                        unitsmith_pool_idle_stops_total{namespace="a",name="blog"} 0
                        unitsmith_pool_idle_stops_total{namespace="a",name="shop"} 1
                        # HELP unitsmith_pool_oom_kills_total Processes that the kernel killed for memory.
                        # TYPE unitsmith_pool_oom_kills_total counter
                        unitsmith_pool_oom_kills_total{namespace="a",name="blog"} 0
                        unitsmith_pool_oom_kills_total{namespace="a",name="shop"} 5
                        # HELP unitsmith_pool_memory_bytes Memory of the pool's control group, caches of files included.
                        # TYPE unitsmith_pool_memory_bytes gauge
                        unitsmith_pool_memory_bytes{namespace="a",name="shop"} 52428800
                        # HELP unitsmith_pool_last_activity_timestamp_seconds When use of the pool was last seen.
                        # TYPE unitsmith_pool_last_activity_timestamp_seconds gauge
                        unitsmith_pool_last_activity_timestamp_seconds{namespace="a",name="shop"} 1767225600
                        """);
    }

    @Test
    void thePageExplainsEachOfThem() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/pools.md"));
        assertThat(names(page, "`(unitsmith_[a-z_]+)"))
                .filteredOn(name -> !name.equals("unitsmith_pool_"))
                .containsExactlyElementsOf(names(Metrics.of("0.1.0", List.of()), "# HELP (unitsmith_[a-z_]+)"));
    }

    private static Set<String> names(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Subject subject(String kind, String name, State state, String php, Usage usage) {
        var live = new Live("r1", null, state, "then", php, null, null, null);
        return new Subject(new WorkloadReference(kind, "a", name, "uid"), live, usage);
    }
}
