package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Systemd and its bus go away and come back, hang, and refuse: the agent lives through it, and does its work. */
@EndToEnd
@Tag("soak")
class BusE2E {

    private static final String AGENT = "unitsmith-agent.service";

    /** Shorter than the time after which the agent looks at everything anyway: who is that fast has been told. */
    private static final Duration TOLD = Duration.ofSeconds(9);

    private final Testbed bed;
    private final Tenant tenant;
    private final ContainerHost host;
    private final Pool ann;
    private final Pool ben;
    private final Counts changes = Counts.of("changes while systemd is re-executed all the time", 2, 20);

    BusE2E(Testbed bed) {
        this.bed = bed;
        String[] users = {"bus-ann", "bus-ben", "bus-cid", "bus-dan", "bus-eve"};
        this.tenant = Tenant.create(bed, "bus", users);
        this.host = bed.addHost("bussed", "trixie");
        for (String user : users) {
            Tenant.addUser(host, user);
            Tenant.script(host, user, "round.php", "<?php echo getenv('ROUND');");
        }
        this.ann = apply(tenant.pool("ann", "bus-ann"), "8.4", "first").awaitReady();
        this.ben = apply(tenant.pool("ben", "bus-ben"), "8.4", "first").awaitReady();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        bed.removeHost(host);
    }

    private static Pool apply(Pool pool, String version, String round) {
        return pool.apply("""
                  hostNames: [bussed]
                  phpVersion: "%s"
                  env: {ROUND: "%s"}
                """.formatted(version, round));
    }

    /** Each with a pool of its own: what goes down again and again is started less and less often. */
    @ParameterizedTest
    @CsvSource({
        "bus-cid, systemctl daemon-reexec",
        "bus-dan, systemctl restart dbus.service",
        "bus-eve, systemctl kill --signal=KILL dbus.service"
    })
    void theAgentIsToldOfChangesAgainAndMakesThem(String user, String disturbance) {
        Pool pool = apply(tenant.pool(user, user), "8.4", "first").awaitReady();
        int agent = agentPid();
        host.sh(disturbance);

        awaitRound(apply(pool, "8.4", disturbance), disturbance);
        for (int round = 0; round < 2; round++) {
            host.exec("systemctl", "stop", pool.socketUnit()).output();
            awaitActive(pool.socketUnit(), TOLD);
        }
        assertThat(agentPid()).as("the agent's process").isEqualTo(agent);
    }

    @Test
    @Timeout(900)
    void changesArriveWhileSystemdIsReexecutedAllTheTime() {
        int agent = agentPid();
        try (var reexecs = Disturbance.on(host, "systemctl daemon-reexec")) {
            for (int round = 0; round < changes.count(); round++) {
                awaitRound(apply(ann, round % 2 == 0 ? "8.2" : "8.4", "reexec " + round), "reexec " + round);
            }
            assertThat(reexecs.count())
                    .as("control: how often it was re-executed")
                    .isGreaterThan(4);
        }
        assertThat(agentPid()).as("the agent's process").isEqualTo(agent);
        changes.result("all in force, the agent is the same process");
    }

    @Test
    void aJobThatHangsIsReportedAndHoldsNobodyUp() {
        apply(ann, "8.4", "before").awaitReady().visit(host);
        String dropIn = "/etc/systemd/system/" + ann.service() + ".d/99-hang.conf";
        host.execWithInput(
                        "[Service]\nExecReload=\nExecReload=/bin/sleep infinity\nTimeoutStartSec=infinity\n",
                        "tee",
                        dropIn)
                .output();
        host.exec("systemctl", "daemon-reload").output();
        try {
            apply(ann, "8.4", "hangs")
                    .await(
                            "reported with its job",
                            Duration.ofSeconds(100),
                            pool -> pool.getStatus().problems() != null
                                    && pool.getStatus().problems().stream()
                                            .anyMatch(
                                                    problem -> problem.message().contains("longer than expected")));
            long start = System.nanoTime();
            awaitRound(apply(ben, "8.4", "not held up"), "not held up");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("another pool's change, while the job hangs")
                    .isLessThan(Duration.ofSeconds(30));
            assertThat(ann.property(host, ann.service(), "ActiveState"))
                    .as("control: the job still hangs")
                    .isEqualTo("reloading");
        } finally {
            host.exec("rm", dropIn);
            host.exec("systemctl", "daemon-reload");
            host.exec("pkill", "--full", "sleep infinity");
        }
        awaitRound(apply(ann, "8.4", "hangs no more"), "hangs no more");
    }

    @Test
    @Timeout(400)
    void aReloadThatSystemdRefusesIsToldAndMadeLater() {
        apply(ann, "8.4", "before").awaitReady().visit(host);
        String limits = "/etc/systemd/system.conf.d/limits.conf";
        host.execWithInput(
                        "[Manager]\nReloadLimitIntervalSec=40s\nReloadLimitBurst=2\n",
                        "install",
                        "-D",
                        "/dev/stdin",
                        limits)
                .output();
        host.exec("systemctl", "daemon-reexec").output();
        try {
            until(
                    "systemd refuses to reload",
                    Duration.ofSeconds(30),
                    () -> !host.exec("systemctl", "daemon-reload").succeeded(),
                    () -> "it does not");
            int refusals = refusals();

            // the binary is in a drop-in of a service that runs, so systemd has to read it anew
            apply(ann, "8.2", "switched");
            ann.await(
                    "reported with the refusal",
                    pool -> pool.getStatus().problems() != null
                            && pool.getStatus().problems().stream()
                                    .anyMatch(problem -> problem.message().contains("refuses to reload")));
            awaitRound(apply(ben, "8.4", "needs no reload"), "needs no reload");
            assertThat(ann.visit(host, "round.php")).as("what serves meanwhile").isEqualTo("before");

            awaitRound(ann, "switched");
            ann.awaitReady();
            assertThat(refusals() - refusals)
                    .as("how often systemd was asked in vain")
                    .isBetween(1, 20);
        } finally {
            host.exec("rm", limits);
            host.exec("systemctl", "daemon-reexec");
        }
    }

    private int refusals() {
        return Integer.parseInt(
                host.sh("journalctl --no-pager --quiet _PID=1 | grep --count 'rejected due to rate limit'")
                        .stdout()
                        .strip());
    }

    private void awaitRound(Pool pool, String round) {
        until(
                pool.name() + " serves round " + round,
                Duration.ofSeconds(90),
                () -> host.exec(
                                "curl",
                                "--silent",
                                "http://localhost/~%s/%s/round.php".formatted(pool.user(), pool.instance()))
                        .stdout()
                        .equals(round),
                () -> tenant.kubectl("get phpfpmpool --output yaml " + pool.name())
                        .toString());
    }

    private void awaitActive(String unit, Duration atMost) {
        until(
                unit + " is active again",
                atMost,
                () -> host.exec("systemctl", "is-active", unit).succeeded(),
                () -> host.journal("unitsmith-agent"));
    }

    private int agentPid() {
        awaitActive(AGENT, Duration.ofSeconds(60));
        return Integer.parseInt(host.exec("systemctl", "show", "--value", "--property=MainPID", AGENT)
                .output());
    }
}
