package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.Machine;
import io.unitsmith.testbed.NeedsTheCluster;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Limits, on a machine whose kernel keeps them: control groups of version 2. */
@EndToEnd
@BesideTheOthers
@NeedsTheCluster
class MemoryE2E {

    private static final String SLICE =
            "/sys/fs/cgroup/unitsmith.slice/unitsmith-fpm.slice/unitsmith-fpm-memory\\x2dben.slice/";

    private static final String NONE = "no limit";

    private final Testbed bed;
    private final Machine host;
    private final Tenant tenant;

    MemoryE2E(Testbed bed) {
        this.bed = bed;
        this.host = bed.addMachine("limited", "trixie");
        this.tenant = Tenant.create(bed, List.of(host), "memory", "memory-ann", "memory-ben");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        bed.removeHost(host);
    }

    @Test
    void aWorkerThatIsKilledForMemoryTakesNeitherThePoolNorOtherRequestsAlongAndIsTold() {
        tenant.script("memory-ann", "eat.php", "<?php for ($x = 'x';; $x .= $x);");
        tenant.script("memory-ann", "slow.php", "<?php sleep(10); echo 'slept';");
        Pool pool = tenant.pool("eaten", "memory-ann").apply("""
                  hostNames: [limited]
                  phpVersion: "8.4"
                  processManager: {type: static, maxChildren: 3}
                  phpAdminValues: {memory_limit: "-1"}
                  resources: {memoryMax: 96Mi}
                """).awaitReady();
        assertThat(pool.visit(host)).startsWith("hello from memory-ann");
        int master = pool.masterPid(host);

        CompletableFuture<String> slow =
                CompletableFuture.supplyAsync(() -> pool.visit(host, "slow.php"), Thread::startVirtualThread);
        assertThat(host.exec("curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", url(pool))
                        .output())
                .isEqualTo("502");
        assertThat(slow.join()).as("the request of another worker").isEqualTo("slept");
        assertThat(pool.masterPid(host)).isEqualTo(master);
        assertThat(pool.visit(host)).as("the next request").startsWith("hello from memory-ann");

        assertThat(pool.awaitProblem("OutOfMemory").message()).contains("spec.resources.memoryMax");
        assertThat(pool.status().hosts().ready()).as("hosts that serve").isEqualTo(1);
        assertThat(pool.metric(host, "oom_kills_total")).isEqualTo("1");
    }

    private static String url(Pool pool) {
        return "http://localhost/~%s/%s/eat.php".formatted(pool.user(), pool.instance());
    }

    @Test
    void theLimitsOfAUserReachTheKernelWhileItsPoolsRun() {
        allow("{}");
        Pool pool = tenant.pool("limited", "memory-ben").apply("""
                  hostNames: [limited]
                  phpVersion: "8.4"
                """).awaitReady();
        assertThat(pool.visit(host)).startsWith("hello from memory-ben");
        int master = pool.masterPid(host);
        awaitKernel(NONE, NONE);

        allow("{memoryMax: 512Mi, cpuQuota: \"150%\", tasksMax: 100}");
        awaitKernel("536870912", "150000 100000");
        assertThat(host.exec("cat", SLICE + "pids.max").output()).isEqualTo("100");

        allow("{memoryMax: 256Mi}");
        awaitKernel("268435456", NONE);
        assertThat(pool.masterPid(host)).isEqualTo(master);
    }

    private void allow(String perUser) {
        tenant.allow("""
                  users: [memory-ann, memory-ben]
                  socketGroups: [www-data]
                  maximum: {perUser: %s}
                """.formatted(perUser));
    }

    private void awaitKernel(String memory, String cpu) {
        Map<String, String> wanted = Map.of("memory.max", memory, "cpu.max", cpu);
        until(
                "the kernel has " + wanted,
                Duration.ofSeconds(60),
                () -> limits().equals(wanted),
                () -> limits().toString());
    }

    private Map<String, String> limits() {
        return Stream.of("memory.max", "cpu.max").collect(Collectors.toMap(file -> file, this::limit));
    }

    /** Where nobody asked for a limit, the file may not even be there. */
    private String limit(String file) {
        String text = host.exec("cat", SLICE + file).stdout().strip();
        return text.isEmpty() || text.startsWith("max") ? NONE : text;
    }
}
