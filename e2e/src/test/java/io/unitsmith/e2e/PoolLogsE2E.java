package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The logs of a pool: its user reads them, nobody plants a link there, and rotating them loses no line. */
@EndToEnd
class PoolLogsE2E {

    private static final int ROTATIONS = 3;

    private final ContainerHost host;
    private final Tenant tenant;

    PoolLogsE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "logs", "logs-ann", "logs-ben");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        host.sh("rm -rf /var/log/unitsmith/logs.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.4", "8.2"})
    void requestsAndSlowRequestsAndMessagesAreLoggedAsTheSpecSays(String version) {
        tenant.script(
                "logs-ann", "slow.php", "<?php function dawdle() { sleep(3); } dawdle(); error_log('a message');");
        Pool pool = tenant.pool("shop" + version.charAt(2), "logs-ann");
        pool.apply("""
                  hostNames: [web-1]
                  phpVersion: "%s"
                  accessLog: {enabled: true, format: 'line %%m %%r %%s', suppressPaths: [/~logs-ann/%s/index.php]}
                  slowlog: {timeout: 1s}
                  phpAdminValues: {error_log: %s/error.log}
                  phpAdminFlags: {log_errors: true}
                """.formatted(version, pool.instance(), folder(pool))).awaitReady();
        pool.visit(host);
        pool.visit(host, "slow.php");

        awaitLine(pool, "access.log", "line GET .*/slow\\.php.* 200");
        assertThat(log(pool, "access.log"))
                .as("a path that is not to be logged")
                .doesNotContain("index.php");
        awaitLine(pool, "slow.log", ".*dawdle\\(\\).*");
        awaitLine(pool, "error.log", ".*a message");
    }

    // T8 and its kin: what root makes in a folder of the tenant's, the tenant can lead elsewhere
    @Test
    void theTenantReadsTheLogsButPlantsNothingBesideThemAndOthersSeeNothing() {
        Pool pool = tenant.pool("private", "logs-ann").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  accessLog: {enabled: true}
                """).awaitReady();
        pool.visit(host);
        String folder = folder(pool);
        assertThat(host.sh("stat --format '%U:%G %a' " + folder + " " + folder + "/access.log")
                        .output()
                        .lines())
                .containsExactly("root:logs-ann 750", "logs-ann:logs-ann 640");
        assertThat(as("logs-ann", "cat", folder + "/access.log").output()).contains("GET");
        assertThat(as("logs-ann", "ln", "-s", "/etc/shadow", folder + "/slow.log")
                        .succeeded())
                .as("a planted link")
                .isFalse();
        assertThat(as("logs-ann", "mv", folder + "/access.log", folder + "/elsewhere")
                        .succeeded())
                .as("a log moved away")
                .isFalse();
        assertThat(as("logs-ben", "ls", folder).succeeded())
                .as("another user looks into the folder")
                .isFalse();
    }

    @Test
    void aRotationUnderLoadLosesNeitherARequestNorALine() {
        Pool pool = tenant.pool("rotated", "logs-ben").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  accessLog: {enabled: true, format: 'line'}
                """).awaitReady();
        try (Load load = Load.on(host, pool)) {
            for (int rotation = 1; rotation <= ROTATIONS; rotation++) {
                until(
                        "there is something to rotate",
                        Duration.ofSeconds(10),
                        () -> !log(pool, "access.log").isEmpty() && !isOpen(pool, "access.log.1"),
                        () -> pool.processes(host).toString());
                host.exec("logrotate", "--force", "/etc/logrotate.d/unitsmith-agent")
                        .output();
            }
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
            until(
                    "every request has its line",
                    Duration.ofSeconds(10),
                    () -> lines(pool) == outcome.requests(),
                    () -> "%d lines, %s".formatted(lines(pool), outcome));
            assertThat(host.sh("ls %s | wc -l".formatted(folder(pool))).output())
                    .as("the log, and those before it")
                    .isEqualTo(Integer.toString(ROTATIONS + 1));
        }
    }

    /** A week later nobody writes to it any more; here a request may still be running. */
    private boolean isOpen(Pool pool, String name) {
        return host.sh("ls -l /proc/[0-9]*/fd 2>/dev/null | grep -F '%s/%s'".formatted(folder(pool), name))
                .stdout()
                .lines()
                .anyMatch(line -> line.endsWith(name));
    }

    private int lines(Pool pool) {
        return Integer.parseInt(host.sh("zcat --force %s/access.log* | grep -cx line; true".formatted(folder(pool)))
                .output());
    }

    private void awaitLine(Pool pool, String name, String line) {
        until(
                name + " has a line " + line,
                Duration.ofSeconds(15),
                () -> log(pool, name).lines().anyMatch(one -> one.matches(line)),
                () -> log(pool, name) + host.journal(pool.service()));
    }

    private String log(Pool pool, String name) {
        return host.exec("cat", folder(pool) + "/" + name).stdout();
    }

    private static String folder(Pool pool) {
        return "/var/log/unitsmith/" + pool.instance();
    }

    private Result as(String user, String... command) {
        return host.exec(Stream.concat(
                        Stream.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"),
                        Arrays.stream(command))
                .toArray(String[]::new));
    }
}
