package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The known holes of socket-activated PHP-FPM: each takes a pool down for good with the well-known recipes. */
@EndToEnd
class RecoveryE2E {

    private static final String PHP = "/opt/php/8.2/usr/sbin/php-fpm8.2";

    private static final String AWAY = "/root/php-fpm8.2";

    private final ContainerHost host;
    private final Tenant tenant;
    private final Pool pool;

    RecoveryE2E(Testbed bed) {
        this.host = bed.host("web-2");
        this.tenant = Tenant.create(bed, "recovery", "recovery-ann");
        this.pool = tenant.pool("pool", "recovery-ann").apply("""
                  hostNames: [web-2]
                  phpVersion: "8.2"
                """).awaitReady();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void theSocketOutlivesTheMaster() {
        // T2: PHP-FPM unlinks the socket's path when it stops
        pool.visit(host);
        host.exec("systemctl", "stop", pool.service()).output();
        assertThat(host.exec("stat", "--format", "%F", pool.socket()).output()).isEqualTo("socket");
        assertThat(pool.visit(host)).startsWith("hello from recovery-ann");
    }

    @Test
    void tenStopsAndStartsInTenSecondsAreNoReasonToGiveUp() {
        // T4: systemd's StartLimit takes the socket down with the service
        for (int round = 0; round < 10; round++) {
            assertThat(pool.visit(host)).startsWith("hello from recovery-ann");
            host.exec("systemctl", "stop", pool.service()).output();
        }
        assertThat(pool.property(host, pool.socketUnit(), "ActiveState")).isEqualTo("active");
    }

    @Test
    void aPoolThatSystemdGaveUpOnIsReportedAndComesBackByItself() {
        // T5 and T43: the socket fails with trigger-limit-hit, and systemd never tries again
        host.exec("systemctl", "stop", pool.service()).output();
        host.exec("mv", PHP, AWAY).output();
        try {
            until(
                    "systemd gives up on the socket",
                    Duration.ofSeconds(30),
                    () -> {
                        pool.run(host, "/home/recovery-ann/www/index.php");
                        return pool.property(host, pool.socketUnit(), "ActiveState")
                                .equals("failed");
                    },
                    () -> host.exec("systemctl", "status", pool.socketUnit()).toString());
            HostProblem problem = pool.awaitProblem("PhpVersionNotFound");
            assertThat(problem.host()).isEqualTo("web-2");
            assertThat(problem.message()).contains("spec.phpVersion", "8.2");
            assertThat(Pool.holds(pool.get(), Condition.DEGRADED)).isTrue();
        } finally {
            host.exec("mv", AWAY, PHP).output();
        }
        until(
                "the socket listens again, and the next request is answered",
                Duration.ofSeconds(60),
                () -> pool.run(host, "/home/recovery-ann/www/index.php")
                        .stdout()
                        .contains("hello from recovery-ann"),
                () -> host.exec("systemctl", "status", pool.socketUnit()).toString());
        pool.awaitReady();
    }
}
