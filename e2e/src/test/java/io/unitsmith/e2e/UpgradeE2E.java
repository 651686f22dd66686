package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** T43: a host's package manager brings another PHP-FPM while masters run. */
@EndToEnd
class UpgradeE2E {

    private static final String BINARY = "/opt/php/8.2/usr/sbin/php-fpm8.2";
    private static final String ORIGINAL = "/var/tmp/php-fpm8.2.original";

    /** Two looks, and the turns between. */
    private static final Duration NOTICED = Duration.ofMinutes(3);

    private final ContainerHost host;
    private final Tenant tenant;

    UpgradeE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "upgrades", "upgrades-ann", "upgrades-ben");
        host.exec("cp", "--preserve", BINARY, ORIGINAL).output();
    }

    @AfterAll
    void cleanUp() {
        host.sh("cp --preserve %1$s %2$s.next && mv %2$s.next %2$s && rm %1$s".formatted(ORIGINAL, BINARY))
                .output();
        tenant.close();
    }

    @Test
    void mastersThatRunAreReplacedOrReportedAsDriftPolicySaysAndNoRequestIsLost() {
        Pool repaired = pool("repaired", "upgrades-ann", "Repair");
        Pool reported = pool("reported", "upgrades-ben", "Report");
        String before = repaired.visit(host, "version.php");
        String after = before.substring(0, before.lastIndexOf('.')) + ".99";
        assertThat(reported.visit(host, "version.php")).isEqualTo(before).hasSameSizeAs(after);
        assertThat(phpVersion(repaired)).isEqualTo(before);
        int master = reported.masterPid(host);

        try (Load load = Load.on(host, repaired)) {
            host.sh("cp --preserve %1$s %1$s.next && sed -i 's/%2$s/%3$s/g' %1$s.next && mv %1$s.next %1$s"
                            .formatted(BINARY, before.replace(".", "\\."), after))
                    .output();
            until(
                    "the master runs what is installed",
                    NOTICED,
                    () -> repaired.visit(host, "version.php").equals(after),
                    () -> host.journal("unitsmith-agent"));
            assertThat(load.stop().lost()).as("lost requests").isEmpty();
        }
        assertThat(phpVersion(repaired)).isEqualTo(after);
        assertThat(assignment(repaired, "{.status.live.conditions[?(@.type=='Drifted')].message}"))
                .contains(repaired.service() + " runs " + BINARY + " of before an upgrade");
        assertThat(repaired.status().problems()).isNullOrEmpty();

        assertThat(reported.awaitProblem("Drifted").message())
                .contains(reported.service() + " runs " + BINARY + " of before an upgrade")
                .contains("`systemctl stop " + reported.service() + "` lets running requests end");
        assertThat(reported.masterPid(host)).isEqualTo(master);
        assertThat(reported.visit(host, "version.php")).isEqualTo(before);

        host.exec("systemctl", "stop", reported.service()).output();
        assertThat(reported.visit(host, "version.php")).isEqualTo(after);
        reported.await(
                "without a problem",
                pool -> pool.getStatus().problems() == null
                        || pool.getStatus().problems().isEmpty());
    }

    private Pool pool(String name, String user, String driftPolicy) {
        tenant.script(user, "version.php", "<?php echo PHP_VERSION;");
        Pool pool = tenant.pool(name, user).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.2"
                  driftPolicy: %s
                """.formatted(driftPolicy)).awaitReady();
        assertThat(pool.visit(host)).startsWith("hello from " + user);
        return pool;
    }

    private String phpVersion(Pool pool) {
        return assignment(pool, "{.status.live.phpVersion}");
    }

    private String assignment(Pool pool, String jsonPath) {
        return tenant.bed()
                .cluster()
                .kubectl(
                        "--namespace",
                        "unitsmith-host-web-1",
                        "get",
                        "hostassignments",
                        "--output",
                        "jsonpath={range .items[?(@.spec.workload.name=='%s')]}%s{end}"
                                .formatted(pool.name(), jsonPath))
                .output();
    }
}
