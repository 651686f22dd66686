package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traps that PHP-FPM and systemd set to everybody who runs pools, as far as no other test walks into them; docs/traps.md has all. */
@EndToEnd
class TrapsE2E {

    private static final String USER = "traps-ann";
    private static final String SPEC = "  hostNames: [web-1]\n  phpVersion: \"8.4\"\n";

    private final ContainerHost host;
    private final Tenant tenant;

    TrapsE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "traps", USER);
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        host.sh("rm -f /etc/planted");
    }

    @Test
    void aConfigurationThatPhpFpmRejectsNeverReachesTheMasterThatServes() {
        Pool pool = tenant.pool("rejected", USER).apply(SPEC).awaitReady();
        try (Load load = Load.on(host, pool)) {
            int master = pool.masterPid(host);
            pool.apply(SPEC + "  accessLog: {enabled: true, format: '%Z'}\n");
            assertThat(pool.awaitProblem("ConfigRejected").message()).contains("spec.accessLog.format", "%Z");
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
            assertThat(pool.masterPid(host)).as("the master's process").isEqualTo(master);
        }
    }

    @Test
    void aLinkThatATenantPlantsLeadsNobodyWithMoreRightsAnywhere() {
        host.sh("ln -sf /etc/planted /home/%1$s/error.log; chown -h %1$s:%1$s /home/%1$s/error.log".formatted(USER))
                .output();
        tenant.script(USER, "complain.php", "<?php error_log('a complaint'); echo 'done';");
        Pool pool = tenant.pool("planted", USER).apply(SPEC + """
                  phpAdminValues: {error_log: /home/traps-ann/error.log}
                  phpAdminFlags: {log_errors: true}
                """).awaitReady();
        assertThat(pool.visit(host, "complain.php")).isEqualTo("done");
        assertThat(host.exec("stat", "/etc/planted").succeeded())
                .as("a file that only root could make")
                .isFalse();
    }

    @Test
    void aServiceThatSomebodyStartsWithoutItsSocketBringsItAlong() {
        // the agent, which would start the socket, leaves it alone
        Pool pool = tenant.pool("alone", USER)
                .apply(SPEC + "  driftPolicy: Report\n")
                .awaitReady();
        host.exec("systemctl", "stop", pool.service(), pool.socketUnit()).output();
        host.exec("systemctl", "start", pool.service()).output();
        assertThat(pool.property(host, pool.socketUnit(), "ActiveState")).isEqualTo("active");
        assertThat(pool.visit(host)).startsWith("hello from " + USER);
    }

    @Test
    void aSocketThatIsMadeAnewUnderARunningMasterListens() {
        Pool pool = tenant.pool("anew", USER).apply(SPEC).awaitReady();
        assertThat(pool.visit(host)).startsWith("hello from " + USER);
        pool.apply(SPEC + "  socket: {backlog: 99}\n").awaitReady();
        assertThat(backlog(pool)).as("of the socket that listens on").matches("u_str +LISTEN +0 +511 .*");
        host.exec("systemctl", "restart", pool.socketUnit()).output();
        assertThat(pool.property(host, pool.socketUnit(), "ActiveState")).isEqualTo("active");
        assertThat(backlog(pool)).as("of the one that was made anew").matches("u_str +LISTEN +0 +99 .*");
        assertThat(pool.visit(host)).startsWith("hello from " + USER);
    }

    private String backlog(Pool pool) {
        return host.exec("ss", "--no-header", "--listening", "--unix", "src", pool.socket())
                .output();
    }

    @Test
    void nothingThatLooksAtAPoolStartsIt() {
        Pool pool = tenant.pool("quiet", USER).apply(SPEC).awaitReady();
        host.exec("systemctl", "restart", "unitsmith-agent").output();
        host.exec("unitsmith", "status");
        pool.apply(SPEC + "  phpValues: {user_agent: another}\n").awaitReady();
        pool.apply(SPEC.replace("8.4", "8.2")).awaitReady();
        assertThat(pool.property(host, pool.service(), "ActiveEnterTimestampMonotonic"))
                .as("when the master became active: never")
                .isEqualTo("0");
    }

    @Test
    void nothingOfOursIsInAnOrderingCycleAtBoot() {
        tenant.pool("booted", USER).apply(SPEC).awaitReady();
        host.sh("""
                cat >/etc/systemd/system/traps-wait-online.service <<'UNIT'
                [Unit]
                Before=network-online.target
                [Service]
                Type=oneshot
                ExecStart=/bin/true
                [Install]
                WantedBy=network-online.target
                UNIT
                systemctl enable traps-wait-online.service""").output();
        try {
            String verdict =
                    host.sh("systemd-analyze verify default.target 2>&1; true").output();
            assertThat(verdict.lines().filter(line -> line.contains("cycle"))).isEmpty();
        } finally {
            host.sh("systemctl disable traps-wait-online.service; rm /etc/systemd/system/traps-wait-online.service");
        }
    }

    // %I of web-1 would be web/1; a digit first is a number to some, a dot a suffix to others
    @ParameterizedTest
    @ValueSource(strings = {"web-1", "a.b", "0day"})
    void aNameIsJustAName(String name) {
        Pool pool = tenant.pool(name, USER).apply(SPEC).awaitReady();
        assertThat(pool.visit(host)).startsWith("hello from " + USER);
        assertThat(pool.status().socketPath()).isEqualTo("/run/unitsmith/fpm/traps." + name + ".sock");
    }
}
