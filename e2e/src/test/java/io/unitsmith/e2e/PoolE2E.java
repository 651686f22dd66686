package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.WorkloadState;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Promise 2: an idle pool costs no process at all; the first request starts it. And kubectl tells the truth about it. */
@EndToEnd
class PoolE2E {

    private final Testbed bed;
    private final Tenant tenant;

    PoolE2E(Testbed bed) {
        this.bed = bed;
        this.tenant = Tenant.create(bed, "pools", "pools-ann", "pools-ben");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void anAppliedPoolListensOnEverySelectedHostAndStartsAtTheFirstRequest() {
        Pool pool = tenant.pool("shop", "pools-ann").apply("""
                  hostSelector: {matchLabels: {role: web}}
                  phpVersion: "8.4"
                """).awaitReady();

        assertThat(pool.status().hosts())
                .as("counts of a pool that nobody has asked yet")
                .satisfies(hosts -> assertThat(List.of(hosts.desired(), hosts.ready(), hosts.updated(), hosts.idle()))
                        .containsExactly(2, 2, 2, 2));
        assertThat(pool.status().socketPath()).isEqualTo(pool.socket());
        for (ContainerHost host : bed.hosts()) {
            assertThat(host.exec("stat", "--format", "%F %U:%G %a", pool.socket())
                            .output())
                    .isEqualTo("socket root:www-data 660");
            assertThat(pool.processes(host)).as("processes of an idle pool").isEmpty();
        }

        ContainerHost asked = bed.host("web-1");
        assertThat(pool.visit(asked)).startsWith("hello from pools-ann on PHP 8.4.");
        assertThat(pool.processes(asked)).as("processes after a request").isNotEmpty();
        assertThat(pool.processes(bed.host("web-2")))
                .as("processes on the host that was not asked")
                .isEmpty();
        pool.await(
                "idle on just one host",
                it -> it.getStatus().hosts().idle() == 1
                        && it.getStatus().hosts().ready() == 2);
        assertThat(pool.status().state()).isEqualTo(WorkloadState.READY);
    }

    @Test
    void hostNamesSelectJustThoseHosts() {
        // a dot in the name is one in the instance, too
        Pool pool = tenant.pool("blog.v2", "pools-ben").apply("""
                  hostNames: [web-2]
                  phpVersion: "8.2"
                """).awaitReady();

        assertThat(pool.status().hosts().desired()).isEqualTo(1);
        assertThat(pool.visit(bed.host("web-2"))).startsWith("hello from pools-ben on PHP 8.2.");
        assertThat(bed.host("web-1").exec("ls", pool.socket()).succeeded())
                .as("a socket on the host that was not selected")
                .isFalse();
        assertThat(bed.cluster()
                        .kubectl("get", "hostassignments", "--namespace", "unitsmith-host-web-1", "--output", "name")
                        .output())
                .doesNotContain("blog-v2");

        pool.apply("""
                  hostNames: [web-1]
                  phpVersion: "8.2"
                """).awaitReady();
        assertThat(pool.visit(bed.host("web-1"))).startsWith("hello from pools-ben on PHP 8.2.");
        until(
                "the pool is gone from the host that is no longer selected",
                Duration.ofSeconds(30),
                () -> !bed.host("web-2").exec("ls", pool.socket()).succeeded(),
                () -> bed.host("web-2")
                        .exec("systemctl", "status", pool.socketUnit())
                        .toString());
    }

    @Test
    void kubectlShowsAndExplainsPools() {
        Pool pool = tenant.pool("seen", "pools-ann").apply("""
                  hostSelector: {matchExpressions: [{key: role, operator: In, values: [web]}]}
                  phpVersion: "8.4"
                """).awaitReady();

        List<String> table =
                tenant.kubectl("get phpfpmpools seen").output().lines().toList();
        assertThat(table.get(0).split("\\s+"))
                .containsExactly("NAME", "PHP", "USER", "HOSTS", "READY", "UPDATED", "STATE", "AGE");
        assertThat(table.get(1)).matches("seen +8\\.4 +pools-ann +2 +2 +2 +Ready +\\d+m?\\d*s?");
        assertThat(tenant.kubectl("get fpm seen --output wide").output())
                .contains("IDLE", "REVISION", "MESSAGE", pool.status().revision());
        assertThat(tenant.kubectl("get unitsmith --output name").output()).contains("phpfpmpool.unitsmith.io/seen");
        assertThat(tenant.kubectl("explain phpfpmpool.spec.processManager.maxChildren")
                        .output())
                .contains("How many requests may run at once");
        assertThat(tenant.kubectl(
                                "get events.events.k8s.io --output custom-columns=OBJECT:.regarding.name,REASON:.reason")
                        .output())
                .as("events of the pool")
                .containsPattern("seen +\\w+");
        List<String> hosts = bed.cluster()
                .kubectl("get", "hosts.unitsmith.io")
                .output()
                .lines()
                .toList();
        assertThat(hosts.get(0).split("\\s+"))
                .containsExactly("NAME", "READY", "AGENT", "SYSTEMD", "PHP", "ASSIGNMENTS", "HEARTBEAT", "AGE");
        assertThat(hosts).anySatisfy(line -> assertThat(line).matches("web-1 +True +0\\.1\\.0 +257 +.*8\\.4.*"));
    }
}
