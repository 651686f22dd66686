package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.DisturbsTheCluster;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The API away for minutes, and everybody's edits when it is back: everything is applied, and nothing of it twice. */
@EndToEnd
@Tag("soak")
@DisturbsTheCluster
class ApiAwayE2E {

    private static final int EDITS = 50;
    private final Counts seconds = Counts.of("seconds without the API, then 50 edits", 60, 600);
    private final Testbed bed;
    private final ContainerHost host;
    private final Tenant tenant;

    ApiAwayE2E(Testbed bed) {
        this.bed = bed;
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "away", "away-ann");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    @Timeout(1800)
    void fiftyEditsAreAppliedOnceEachAfterTheApiWasAway() {
        edit("128M");
        awaitConfigured("128M");
        Pool busy = tenant.pool("pool-0", "away-ann").awaitReady();
        until(
                "all sockets listen",
                Duration.ofMinutes(1),
                () -> sockets()
                                .lines()
                                .filter(line -> line.contains("ActiveState=active"))
                                .count()
                        == EDITS,
                this::sockets);
        busy.visit(host);
        busy.await("seen to be in use", pool -> pool.getStatus().hosts().idle() == 0);
        int master = busy.masterPid(host);
        String sockets = sockets();
        Map<String, String> since = since();
        String cursor;

        bed.cluster().container().pause();
        try {
            long end = System.nanoTime() + Duration.ofSeconds(seconds.count()).toNanos();
            // what it knows is on its disk, and what it does not hear is not gone
            host.exec("systemctl", "restart", "unitsmith-agent").output();
            until(
                    "the API has been away for %d s".formatted(seconds.count()),
                    Duration.ofSeconds(seconds.count() + 60),
                    () -> System.nanoTime() > end,
                    () -> "");
            assertThat(sockets()).as("sockets while the API is away").isEqualTo(sockets);
            assertThat(busy.visit(host)).startsWith("hello from");
            cursor = host.exec("journalctl", "--quiet", "--lines", "1", "--show-cursor")
                    .output();
        } finally {
            bed.cluster().container().unpause();
        }
        until(
                "the API is back",
                Duration.ofMinutes(2),
                () -> bed.cluster().kubectl("get", "--raw", "/readyz").succeeded(),
                () -> bed.cluster().kubectl("get", "--raw", "/readyz?verbose").toString());
        long writes;
        try (StatusWrites counted = new StatusWrites(bed, "web-1")) {
            edit("256M");
            awaitConfigured("256M");
            IntStream.range(0, EDITS)
                    .forEach(number -> tenant.pool("pool-" + number, "away-ann").awaitReady());
            writes = counted.count();
        }

        List<String> done = agentSince(
                cursor.substring(cursor.lastIndexOf("-- cursor: ") + 11).strip());
        assertThat(count(done, "wrote /etc/unitsmith/fpm/"))
                .as("configurations written: %s", done)
                .isEqualTo(EDITS);
        assertThat(count(done, "wrote ")).as("files written: %s", done).isEqualTo(EDITS);
        assertThat(count(done, "removed ")).as("files removed: %s", done).isZero();
        assertThat(count(done, "reload unitsmith-fpm@away."))
                .as("reloads: %s", done)
                .isEqualTo(1);
        assertThat(count(done, "start ") + count(done, "stop ") + count(done, "restart "))
                .as("starts and stops: %s", done)
                .isZero();
        assertThat(sockets()).as("sockets after the edits").isEqualTo(sockets);
        assertThat(busy.masterPid(host)).as("the master that was reloaded").isEqualTo(master);
        assertThat(since).as("statuses before").hasSize(EDITS);
        assertThat(since()).as("statuses after").isEqualTo(since);
        assertThat(writes).as("writes of statuses").isLessThanOrEqualTo(4L * EDITS + 20);
        seconds.result("%d edits applied once each, 1 reload, 0 starts, 0 removals, %d writes of statuses"
                .formatted(EDITS, writes));
    }

    private void edit(String memory) {
        tenant.apply(IntStream.range(0, EDITS)
                        .mapToObj(number -> """
                                apiVersion: unitsmith.io/v1alpha1
                                kind: PhpFpmPool
                                metadata: {name: pool-%d}
                                spec:
                                  hostNames: [web-1]
                                  user: away-ann
                                  phpVersion: "8.4"
                                  phpAdminValues: {memory_limit: %s}
                                  idle: {enabled: false}
                                """.formatted(number, memory))
                        .collect(Collectors.joining("---\n")))
                .output();
    }

    private void awaitConfigured(String memory) {
        String count = "grep -ls \"memory_limit'\\] = '%s'\" /etc/unitsmith/fpm/8.4/away.pool-*.conf | wc -l"
                .formatted(memory);
        until(
                "all pools have " + memory,
                Duration.ofMinutes(5),
                () -> host.sh(count).output().strip().equals(Integer.toString(EDITS)),
                () -> host.sh(count).output()
                        + tenant.kubectl("get phpfpmpools --output wide").stdout()
                        + host.journal("unitsmith-agent"));
    }

    private String sockets() {
        return host.sh(
                        "systemctl show --property Id,ActiveState,InvocationID 'unitsmith-fpm@away.*.socket' | paste - - - - | sort")
                .output();
    }

    /** By assignment, what it is, and since when: an agent that has seen it all along has not forgotten that over the time. */
    private Map<String, String> since() {
        Map<String, String> since = new TreeMap<>();
        bed.client()
                .resources(HostAssignment.class)
                .inNamespace(Names.hostNamespace("web-1"))
                .list()
                .getItems()
                .forEach(assignment -> {
                    var live = assignment.getStatus().live();
                    if (assignment.getSpec().workload().namespace().equals(tenant.namespace())) {
                        since.put(assignment.getSpec().workload().name(), live.state() + " since " + live.since());
                    }
                });
        return since;
    }

    private List<String> agentSince(String cursor) {
        return host.sh("journalctl --sync; journalctl --quiet --after-cursor='%s' --output cat --unit unitsmith-agent"
                        .formatted(cursor))
                .output()
                .lines()
                .map(line -> line.replaceFirst("^<\\d>|^INFO:? *", ""))
                .toList();
    }

    private static long count(List<String> lines, String what) {
        return lines.stream().filter(line -> line.contains(what)).count();
    }
}
