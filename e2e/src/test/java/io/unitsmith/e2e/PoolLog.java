package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import java.time.Duration;

/** The logs of a pool on a host. */
record PoolLog(ContainerHost host, Pool pool) {

    String folder() {
        return "/var/log/unitsmith/" + pool.instance();
    }

    String text(String name) {
        return host.exec("cat", folder() + "/" + name).stdout();
    }

    void checkWhatIsLogged(String version) {
        Tenant.script(
                host,
                pool.user(),
                "slow.php",
                "<?php function dawdle() { sleep(3); } dawdle(); error_log('a message');");
        pool.apply("""
                  hostNames: [%1$s]
                  phpVersion: "%2$s"
                  accessLog: {enabled: true, format: 'line %%m %%r %%s', suppressPaths: [/~%3$s/%4$s/index.php]}
                  slowlog: {timeout: 1s}
                  phpAdminValues: {error_log: %5$s/error.log}
                  phpAdminFlags: {log_errors: true}
                """.formatted(host.name(), version, pool.user(), pool.instance(), folder()))
                .awaitReady();
        pool.visit(host);
        pool.visit(host, "slow.php");

        awaitLine("access.log", "line GET .*/slow\\.php.* 200");
        assertThat(text("access.log")).as("a path that is not to be logged").doesNotContain("index.php");
        awaitLine("slow.log", ".*dawdle\\(\\).*");
        awaitLine("error.log", ".*a message");
    }

    void checkRotations(String version, int rotations) {
        pool.apply("""
                  hostNames: [%s]
                  phpVersion: "%s"
                  accessLog: {enabled: true, format: 'line'}
                """.formatted(host.name(), version)).awaitReady();
        try (Load load = Load.on(host, pool)) {
            for (int rotation = 1; rotation <= rotations; rotation++) {
                until(
                        "there is something to rotate",
                        Duration.ofSeconds(10),
                        () -> !text("access.log").isEmpty() && !isOpen("access.log.1"),
                        () -> pool.processes(host).toString());
                host.exec("logrotate", "--force", "/etc/logrotate.d/unitsmith-agent")
                        .output();
            }
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
            until(
                    "every request has its line",
                    Duration.ofSeconds(10),
                    () -> lines() == outcome.requests(),
                    () -> "%d lines, %s".formatted(lines(), outcome));
            assertThat(host.sh("ls %s | wc -l".formatted(folder())).output())
                    .as("the log, and those before it")
                    .isEqualTo(Integer.toString(rotations + 1));
        }
    }

    /** A week later nobody writes to it any more; here a request may still be running. */
    private boolean isOpen(String name) {
        return host.sh("ls -l /proc/[0-9]*/fd 2>/dev/null | grep -F '%s/%s'".formatted(folder(), name))
                .stdout()
                .lines()
                .anyMatch(line -> line.endsWith(name));
    }

    private int lines() {
        return Integer.parseInt(host.sh("zcat --force %s/access.log* | grep -cx line; true".formatted(folder()))
                .output());
    }

    private void awaitLine(String name, String line) {
        until(
                name + " has a line " + line,
                Duration.ofSeconds(15),
                () -> text(name).lines().anyMatch(one -> one.matches(line)),
                () -> text(name) + host.journal(pool.service()));
    }
}
