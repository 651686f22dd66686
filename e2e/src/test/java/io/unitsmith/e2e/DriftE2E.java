package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody does by hand on a host is put right at once, or said and left alone: as driftPolicy has it. */
@EndToEnd
class DriftE2E {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final ContainerHost host;
    private final Tenant tenant;
    private final Pool repaired;
    private final Pool reported;

    DriftE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "drift", "drift-ann", "drift-ben", "drift-cat", "drift-dan");
        this.repaired = pool("repaired", "drift-ann", "Repair", "one");
        this.reported = pool("reported", "drift-ben", "Report", "one");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    /** What is done, how it is undone, and a part of what is said of it. */
    enum Hand {
        REMOVED_CONFIG(
                "rm -f /root/saved; cp -a $config /root/saved; rm $config",
                "cp -a /root/saved $config",
                "$config is missing"),
        CLOSED_CONFIG("chmod 0600 $config", "chmod 0640 $config", "$config has lost the access of user drift-"),
        OPENED_DROP_IN("chmod 0666 $dropin", "chmod 0644 $dropin", "$dropin has mode 0666, not 0644"),
        GIVEN_AWAY("chown nobody $dropin", "chown root $dropin", "$dropin does not belong to root"),
        EDITED_DROP_IN(
                "rm -f /root/saved; cp -a $socketDropin /root/saved; sed -i s/SocketMode=.*/SocketMode=0666/ $socketDropin; systemctl daemon-reload",
                "cp -a /root/saved $socketDropin; systemctl daemon-reload",
                "$socketDropin has other content"),
        REMOVED_DROP_IN(
                "rm -f /root/saved; cp -a $socketDropin /root/saved; rm $socketDropin",
                "cp -a /root/saved $socketDropin",
                "$socketDropin is missing"),
        STOPPED("systemctl stop $socket", "systemctl start $socket", "$socket is stopped"),
        MASKED(
                "systemctl mask $socket",
                "systemctl unmask $socket; systemctl restart $socket",
                "/etc/systemd/system/$socket masks $socket"),
        MASKED_AT_RUNTIME(
                "systemctl mask --runtime $socket",
                "systemctl unmask --runtime $socket; systemctl restart $socket",
                "/run/systemd/system/$socket masks $socket"),
        MASKED_SERVICE(
                "systemctl mask $service", "systemctl unmask $service", "/etc/systemd/system/$service masks $service"),
        DISABLED(
                "rm /etc/systemd/system/sockets.target.wants/$socket",
                "ln -s /etc/systemd/system/unitsmith-fpm@.socket /etc/systemd/system/sockets.target.wants/$socket",
                "/etc/systemd/system/sockets.target.wants/$socket is missing"),
        TOUCHED("touch $dropin", "systemctl daemon-reload", "systemd has loaded $service from other content");

        private final String act;
        private final String undo;
        private final String text;

        Hand(String act, String undo, String text) {
            this.act = act;
            this.undo = undo;
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void underRepairItIsAsItWasWithinSeconds(Hand hand) {
        host.exec("systemctl", "stop", repaired.service()).output();
        HostState before = HostState.of(host);
        run(repaired, hand.act);
        until(
                "it is put right",
                SOON,
                () -> HostState.of(host).changesSince(before).isEmpty()
                        && agentsJournal().contains(in(repaired, hand.text))
                        && !needsDaemonReload(repaired),
                () -> String.join("\n", HostState.of(host).changesSince(before)) + agentsJournal());

        assertThat(repaired.processes(host)).as("processes of an idle pool").isEmpty();
        assertThat(repaired.visit(host)).startsWith("hello from drift-ann");
        assertThat(host.exec("stat", "--format", "%U:%G %a", repaired.socket()).output())
                .isEqualTo("root:www-data 660");
    }

    @ParameterizedTest
    @EnumSource
    void underReportItIsSaidAndLeftAlone(Hand hand) {
        reported.await("without problems", pool -> problems(reported).isEmpty());
        host.exec("systemctl", "stop", reported.service()).output();
        HostState before = HostState.of(host);
        run(reported, hand.act);
        HostState drifted = HostState.of(host);
        HostProblem problem = awaitMessage(reported, in(reported, hand.text));

        assertThat(problem.host()).isEqualTo("web-1");
        assertThat(problem.reason()).isEqualTo(hand == Hand.STOPPED ? "UnitFailed" : "Drifted");
        assertThat(problem.message()).contains("driftPolicy: Repair");
        assertThat(reported.status().hosts().failed()).isEqualTo(hand == Hand.STOPPED ? 1 : 0);
        assertThat(HostState.of(host).changesSince(drifted))
                .as("what the agent has done")
                .isEmpty();
        assertThat(reported.processes(host)).as("processes of an idle pool").isEmpty();

        run(reported, hand.undo);
        reported.await("without problems again", pool -> problems(reported).isEmpty());
        assertThat(HostState.of(host).changesSince(before)).isEmpty();
        assertThat(reported.visit(host)).startsWith("hello from drift-ben");
    }

    @Test
    void aForeignDropInIsSaidAndLeftAloneAndThePoolServes() {
        String foreign = "/etc/systemd/system/" + repaired.service() + ".d/50-admin.conf";
        host.execWithInput("[Service]\nNice=5\n", "tee", foreign).output();
        HostProblem problem = awaitMessage(repaired, foreign);

        assertThat(problem.reason()).isEqualTo("ForeignDropIn");
        assertThat(host.exec("cat", foreign).output()).isEqualTo("[Service]\nNice=5");
        assertThat(repaired.status().hosts().failed()).isZero();
        assertThat(repaired.visit(host)).startsWith("hello from drift-ann");

        host.exec("rm", foreign).output();
        repaired.await("without problems again", pool -> problems(repaired).isEmpty());
    }

    @Test
    void afterThreeFightsOverAFileItIsLeftAloneUntilTheSpecChanges() {
        Pool fought = pool("fought", "drift-cat", "Repair", "one");
        HostState before = HostState.of(host);
        for (int fight = 0; fight < 3; fight++) {
            run(fought, "chmod 0646 $config");
            awaitState(before);
        }
        HostProblem contended = awaitMessage(fought, fought.config() + " was put right at");
        assertThat(contended.reason()).isEqualTo("Contended");

        run(fought, "chmod 0646 $config");
        awaitMessage(fought, "Now " + fought.config() + " has mode 0606, not 0600");
        assertThat(host.exec("stat", "--format", "%a", fought.config()).output())
                .isEqualTo("646");
        assertThat(fought.visit(host)).startsWith("hello from drift-cat");

        pool("fought", "drift-cat", "Repair", "two");
        assertThat(host.exec("stat", "--format", "%a", fought.config()).output())
                .as("the mode after a change of the spec, with the access list's mask")
                .isEqualTo("640");
        fought.await("without problems again", pool -> problems(fought).isEmpty());
    }

    @Test
    void aChangeOfThePolicyAloneWritesNothingOnTheHost() {
        Pool pool = pool("changed", "drift-dan", "Repair", "one");
        HostState before = HostState.of(host);
        String times = times(pool);
        pool("changed", "drift-dan", "Report", "one");

        assertThat(HostState.of(host).changesSince(before)).isEmpty();
        assertThat(times(pool)).isEqualTo(times);
    }

    @Test
    void aForeignFileInTheWayIsAConflictAndStaysAsItIs() {
        String foreign = "/etc/unitsmith/fpm/8.4/drift.blocked.conf";
        host.execWithInput("mine\n", "install", "-D", "/dev/stdin", foreign).output();
        Pool blocked = tenant.pool("blocked", "drift-dan").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                """);
        HostProblem problem = blocked.awaitProblem("Conflict");
        assertThat(problem.message()).contains(foreign, "move it away");
        assertThat(host.exec("cat", foreign).output()).isEqualTo("mine");

        host.exec("rm", foreign).output();
        blocked.awaitReady();
    }

    @Test
    void aMountIsLookedAfterWithoutATouchOfItsPath() {
        try (FileServer files = FileServer.start(tenant.bed().run())) {
            tenant.secret("key", files.credentials());
            Mount mount = tenant.mount("uploads").apply("""
                      hostNames: [web-1]
                      type: sshfs
                      source: files@files:/srv/uploads
                      path: /srv/drift/uploads
                      credentials: {secretRef: {name: key}}
                    """).awaitReady();
            HostState before = HostState.of(host);
            for (String act : List.of(
                    "systemctl stop srv-drift-uploads.automount",
                    "systemctl disable srv-drift-uploads.automount",
                    "sed -i s/nodev/dev/ /etc/systemd/system/srv-drift-uploads.mount; systemctl daemon-reload",
                    "systemctl mask --runtime srv-drift-uploads.automount")) {
                host.sh(act).output();
                awaitState(before);
            }
            assertThat(Mount.mountinfo(host, "/srv/drift/uploads"))
                    .contains("autofs")
                    .doesNotContain("fuse.sshfs");
            assertThat(mount.get().getStatus().hosts().failed()).isZero();
            tenant.kubectl("delete remotemount uploads").output();
        }
    }

    private Pool pool(String name, String user, String driftPolicy, String agent) {
        return tenant.pool(name, user).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  phpValues: {user_agent: %s}
                  driftPolicy: %s
                """.formatted(agent, driftPolicy)).awaitReady();
    }

    private void run(Pool pool, String script) {
        host.sh(in(pool, script)).output();
    }

    private static String in(Pool pool, String text) {
        String units = "/etc/systemd/system/";
        return text.replace("$config", pool.config())
                .replace("$dropin", units + pool.service() + ".d/unitsmith.conf")
                .replace("$socketDropin", units + pool.socketUnit() + ".d/unitsmith.conf")
                .replace("$service", pool.service())
                .replace("$socket", pool.socketUnit());
    }

    private String agentsJournal() {
        return host.journal("unitsmith-agent.service");
    }

    private boolean needsDaemonReload(Pool pool) {
        return (pool.property(host, pool.service(), "NeedDaemonReload")
                        + pool.property(host, pool.socketUnit(), "NeedDaemonReload"))
                .contains("yes");
    }

    private void awaitState(HostState state) {
        until(
                "the host is as it was",
                SOON,
                () -> HostState.of(host).changesSince(state).isEmpty(),
                () -> String.join("\n", HostState.of(host).changesSince(state)) + agentsJournal());
    }

    private static HostProblem awaitMessage(Pool pool, String text) {
        pool.await(
                "reported with " + text,
                it -> problems(pool).stream()
                        .anyMatch(problem -> problem.message().contains(text)));
        return problems(pool).stream()
                .filter(problem -> problem.message().contains(text))
                .findFirst()
                .orElseThrow();
    }

    private static List<HostProblem> problems(Pool pool) {
        return Objects.requireNonNullElse(pool.status().problems(), List.of());
    }

    /** When each of the pool's files was last written. */
    private String times(Pool pool) {
        return host.sh(in(pool, "stat --format '%n %i %z' $config $dropin $socketDropin"))
                .output();
    }
}
