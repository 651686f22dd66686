package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.DisturbsTheCluster;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Promise 5: hosts keep serving with the cluster and the agent both gone; and the status tells of a host that does not. */
@EndToEnd
@DisturbsTheCluster
class LivenessE2E {

    private final Testbed bed;
    private final Tenant tenant;
    private final Pool pool;

    LivenessE2E(Testbed bed) {
        this.bed = bed;
        this.tenant = Tenant.create(bed, "liveness", "liveness-ann", "liveness-ben");
        this.pool = tenant.pool("pool", "liveness-ann").apply("""
                  hostSelector: {matchLabels: {role: web}}
                  phpVersion: "8.4"
                """).awaitReady();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void aHostThatDiesIsNamedWithinAMinuteAndHealsByItselfWithinSecondsOfItsReturn() {
        ContainerHost mortal = bed.host("web-2");
        mortal.stop();
        try {
            pool.await(
                    "degraded with web-2 unreachable",
                    Duration.ofSeconds(60),
                    it -> Pool.holds(it, Condition.DEGRADED)
                            && it.getStatus().hosts().unreachable() == 1);
            HostProblem problem = pool.awaitProblem("AgentUnreachable");
            assertThat(problem.host()).isEqualTo("web-2");
            assertThat(pool.status().hosts().failed())
                    .as("an unreachable host counts but once")
                    .isZero();
            assertThat(tenant.kubectl("get phpfpmpool pool --no-headers").output())
                    .matches("pool +8\\.4 +liveness-ann +2 +1 +\\d +Degraded +.*");
            assertThat(bed.cluster()
                            .kubectl("get", "hosts.unitsmith.io", "web-2", "--no-headers")
                            .output())
                    .doesNotContain(" True ");
            assertThat(pool.visit(bed.host("web-1"))).startsWith("hello from liveness-ann");
        } finally {
            mortal.start();
        }
        awaitActive(mortal);
        pool.await(
                "healed",
                Duration.ofSeconds(15),
                it -> !Pool.holds(it, Condition.DEGRADED)
                        && it.getStatus().hosts().ready() == 2
                        && it.getStatus().hosts().unreachable() == 0);
        assertThat(pool.visit(mortal)).as("after the reboot").startsWith("hello from liveness-ann");
    }

    @Test
    void anAgentEnforcesAndPoolsServeWhileTheApiIsAway() {
        ContainerHost host = bed.host("web-1");
        String config = pool.config();
        bed.cluster().container().pause();
        try {
            assertThat(pool.visit(host)).startsWith("hello from liveness-ann");
            // what is damaged while nobody looks is mended from what the agent remembers
            host.sh("systemctl stop unitsmith-agent '%s' '%s' && rm '%s' && systemctl start unitsmith-agent"
                            .formatted(pool.socketUnit(), pool.service(), config))
                    .output();
            until(
                    "the agent has put the pool back without the API",
                    Duration.ofSeconds(60),
                    () -> pool.property(host, pool.socketUnit(), "ActiveState").equals("active")
                            && host.exec("ls", config).succeeded(),
                    () -> host.journal("unitsmith-agent"));
            assertThat(pool.visit(host)).startsWith("hello from liveness-ann");
        } finally {
            bed.cluster().container().unpause();
        }
        tenant.script("liveness-ann", "agent.php", "<?php echo ini_get('user_agent');");
        pool.apply("""
                  hostSelector: {matchLabels: {role: web}}
                  phpVersion: "8.4"
                  phpValues: {user_agent: reconnected}
                """).awaitReady();
        assertThat(pool.visit(host, "agent.php")).isEqualTo("reconnected");
    }

    @Test
    void poolsServeWithoutTheAgent() {
        ContainerHost host = bed.host("web-1");
        host.exec("systemctl", "stop", "unitsmith-agent", pool.service()).output();
        try {
            assertThat(pool.visit(host)).startsWith("hello from liveness-ann");
        } finally {
            host.exec("systemctl", "start", "unitsmith-agent").output();
        }
    }

    @Test
    void aSecondOperatorTakesOverFromOneThatIsKilled() {
        Operator operator = new Operator(bed);
        operator.scale(2);
        try {
            String leader = operator.awaitLeader();
            operator.kill(leader);
            Pool next = tenant.pool("next", "liveness-ben").apply("""
                      hostSelector: {matchLabels: {role: web}}
                      phpVersion: "8.4"
                    """).awaitReady();
            assertThat(operator.awaitLeader()).as("who leads now").isNotEqualTo(leader);
            assertThat(next.visit(bed.host("web-2"))).startsWith("hello from liveness-ben");
        } finally {
            operator.scale(1);
            operator.awaitLeader();
        }
    }

    private static void awaitActive(ContainerHost host) {
        until(
                "the agent of " + host.name() + " runs",
                Duration.ofSeconds(30),
                () -> host.exec("systemctl", "is-active", "unitsmith-agent").succeeded(),
                () -> host.journal("unitsmith-agent"));
    }
}
