package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Promise 1: the PHP version, the configuration and the master are changed under load, and no request is lost. */
@EndToEnd
class SwitchE2E {

    /** T3 and T4: more than systemd's own limit for starts would forgive. */
    private static final int STOPS = 12;

    private final Tenant tenant;
    private final ContainerHost host;

    SwitchE2E(Testbed bed) {
        this.tenant = Tenant.create(bed, "switches", "switches-ann", "switches-ben", "switches-cat", "switches-dan");
        this.host = bed.host("web-1");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void anEditIsAGracefulReloadOfTheSameMasterUnderLoad() {
        Pool pool = pool("edited", "switches-ann", "8.4", "none");
        tenant.script("switches-ann", "agent.php", "<?php echo ini_get('user_agent');");
        try (Load load = Load.on(host, pool)) {
            int master = pool.masterPid(host);
            for (String agent : new String[] {"first", "second", "third"}) {
                apply(pool, "8.4", agent);
                assertThat(pool.visit(host, "agent.php"))
                        .as("what PHP says once the status says that the edit is live")
                        .isEqualTo(agent);
            }
            Load.Outcome outcome = load.stop();
            assertThat(pool.masterPid(host)).as("the master's process").isEqualTo(master);
            assertThat(outcome.requests()).as("requests: %s", outcome).isGreaterThan(20);
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
        }
    }

    @Test
    void thePhpVersionIsSwitchedThereAndBackBehindTheSameSocket() {
        Pool pool = pool("switched", "switches-ben", "8.4", "any");
        String socket = host.exec("stat", "--format", "%i %Z", pool.socket()).output();
        try (Load load = Load.on(host, pool)) {
            for (String version : new String[] {"8.2", "8.4", "8.2"}) {
                apply(pool, version, "any");
                assertThat(pool.visit(host, "who.php")).isEqualTo("switches-ben on PHP " + version);
            }
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
            assertThat(outcome.answers())
                    .as("who answered: %s", outcome)
                    .containsOnlyKeys("switches-ben on PHP 8.2", "switches-ben on PHP 8.4");
        }
        assertThat(host.exec("stat", "--format", "%i %Z", pool.socket()).output())
                .as("inode and time of the socket")
                .isEqualTo(socket);
    }

    @Test
    void aRotatedSecretReplacesTheMasterBehindTheSameSocketUnderLoad() {
        tenant.secret("constant", Map.of("TOKEN", "the constant one's", "NAME", "Dan"));
        tenant.secret("rotating", Map.of("TOKEN", "the first"));
        tenant.script("switches-dan", "token.php", "<?php echo getenv('TOKEN');");
        tenant.script("switches-dan", "name.php", "<?php echo getenv('NAME');");
        Pool pool = tenant.pool("rotated", "switches-dan").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  envFrom: [{secretRef: {name: constant}}, {secretRef: {name: rotating}}]
                """).awaitReady();
        try (Load load = Load.on(host, pool)) {
            assertThat(pool.visit(host, "token.php")).isEqualTo("the first");
            String before = pool.property(host, pool.service(), "ExecMainStartTimestampMonotonic");
            for (String token : new String[] {"\"`second`\" $HOME \\n", "third,\nof two lines"}) {
                tenant.secret("rotating", Map.of("TOKEN", token));
                // the operator looks at secrets once a minute, and whenever a label of the host changes
                tenant.kubectl("label --overwrite hosts.unitsmith.io web-1 rotation=h"
                                + Integer.toHexString(token.hashCode()))
                        .output();
                until(
                        "PHP has the Secret's new value",
                        Duration.ofSeconds(90),
                        () -> pool.visit(host, "token.php").equals(token),
                        () -> host.journal("unitsmith-agent"));
            }
            assertThat(pool.visit(host, "name.php")).isEqualTo("Dan");
            String last = pool.visit(host, "token.php");
            pool.apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  envFrom: [{secretRef: {name: constant}}, {secretRef: {name: rotating}}]
                  phpValues: {user_agent: edited}
                """).awaitReady();
            assertThat(pool.visit(host, "token.php")).as("after a reload").isEqualTo(last);
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
            assertThat(pool.property(host, pool.service(), "ExecMainStartTimestampMonotonic"))
                    .as("when the master was started: it has the environment of its start")
                    .isNotEqualTo(before);
        } finally {
            tenant.kubectl("label hosts.unitsmith.io web-1 rotation-").output();
        }
    }

    @Test
    void anEditRestartsTheMasterIfTheSpecSaysSo() {
        Pool pool = tenant.pool("restarted", "switches-dan");
        String spec = """
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  reload: {strategy: Restart}
                  phpValues: {user_agent: %s}
                """;
        tenant.script("switches-dan", "agent.php", "<?php echo ini_get('user_agent');");
        pool.apply(spec.formatted("first")).awaitReady();
        try (Load load = Load.on(host, pool)) {
            int master = pool.masterPid(host);
            pool.apply(spec.formatted("second")).awaitReady();
            assertThat(pool.visit(host, "agent.php")).isEqualTo("second");
            assertThat(pool.masterPid(host)).as("the master's process").isNotEqualTo(master);
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
        }
    }

    @Test
    void theMasterMayBeStoppedAtAnyTimeAndNoRequestIsLost() {
        Pool pool = pool("stopped", "switches-cat", "8.4", "any");
        try (Load load = Load.on(host, pool)) {
            for (int stop = 0; stop < STOPS; stop++) {
                until(
                        "a request has started the master",
                        Duration.ofSeconds(20),
                        () -> pool.masterPid(host) != 0,
                        () -> host.journal(pool.service()));
                host.exec("systemctl", "stop", pool.service()).output();
            }
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
            assertThat(outcome.requests()).as("requests: %s", outcome).isGreaterThanOrEqualTo(STOPS);
        }
        assertThat(pool.property(host, pool.socketUnit(), "ActiveState")).isEqualTo("active");
    }

    private Pool pool(String name, String user, String version, String agent) {
        return apply(tenant.pool(name, user), version, agent);
    }

    private static Pool apply(Pool pool, String version, String agent) {
        return pool.apply("""
                  hostNames: [web-1]
                  phpVersion: "%s"
                  phpValues: {user_agent: %s}
                """.formatted(version, agent)).awaitReady();
    }
}
