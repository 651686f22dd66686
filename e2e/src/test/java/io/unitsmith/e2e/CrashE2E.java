package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** `kill -9` of the agent at any moment of an apply: the next start converges, and nothing half-done is left. */
@EndToEnd
@Tag("soak")
class CrashE2E {

    private final Counts kills = Counts.of("kills of the agent", 5, 50);
    private final ContainerHost host;
    private final Tenant tenant;
    private final FileServer files;

    CrashE2E(Testbed bed) {
        this.host = bed.host("web-2");
        this.tenant = Tenant.create(bed, "crashes", "crashes-ann");
        this.files = FileServer.start(bed.run());
        tenant.secret("key", files.credentials());
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        files.close();
    }

    @Test
    @Timeout(1800)
    void itEndsInTheDesiredStateHoweverOftenTheAgentIsKilled() {
        long seed = Long.getLong("unitsmith.seed", System.nanoTime());
        System.out.println("crashes with -Dunitsmith.seed=" + seed);
        Random random = new Random(seed);
        HostState empty = HostState.of(host);
        apply(0);
        Pool pool = tenant.pool("pool", "crashes-ann").awaitReady();
        tenant.mount("data").awaitReady();
        HostState wanted = HostState.of(host);

        for (int crash = 1; crash <= kills.count(); crash++) {
            double delay = random.nextInt(1500) / 1000.0;
            int agent = agentPid();
            CompletableFuture<Void> kill = CompletableFuture.runAsync(
                    () -> host.sh("sleep %s; kill -9 %d".formatted(delay, agent)), Thread::startVirtualThread);
            apply(crash % kills.count());
            kill.join();
            // the agent must be there to be killed in its work, so it starts anew each time
            tenant.pool("pool", "crashes-ann").awaitReady();
            tenant.mount("data").awaitReady();
        }
        awaitAgent();
        assertThat(HostState.of(host).changesSince(wanted))
                .as("what differs from an undisturbed apply of the same")
                .isEmpty();
        assertThat(pool.visit(host)).startsWith("hello from crashes-ann");
        assertThat(Integer.parseInt(pool.property(host, "unitsmith-agent.service", "NRestarts")))
                .as("how often systemd saw the agent die")
                .isGreaterThanOrEqualTo(kills.count());

        int last = agentPid();
        CompletableFuture<Void> kill = CompletableFuture.runAsync(
                () -> host.sh("sleep %s; kill -9 %d".formatted(random.nextInt(1000) / 1000.0, last)),
                Thread::startVirtualThread);
        tenant.deleteWorkloads();
        kill.join();
        awaitAgent();
        assertThat(HostState.of(host).changesSince(empty))
                .as("what a removal with a crash leaves")
                .isEmpty();
        kills.result("0 half-applied");
    }

    /** Each round another PHP version, another configuration, a mount more or less readable. */
    private void apply(int round) {
        tenant.pool("pool", "crashes-ann")
                .apply("""
                  hostNames: [web-2]
                  phpVersion: "%s"
                  env: {ROUND: "%d"}
                  socket: {backlog: %d}
                """.formatted(round % 2 == 0 ? "8.4" : "8.2", round, round % 3 == 0 ? 511 : 100 + round));
        tenant.mount("data").apply("""
                  hostNames: [web-2]
                  type: sshfs
                  source: %s
                  path: /srv/crashes/data
                  automount: {idleTimeout: %ds}
                  credentials: {secretRef: {name: key}}
                """.formatted(FileServer.SOURCE, 300 + round));
    }

    /** One that was just killed is back after two seconds. */
    private void awaitAgent() {
        until(
                "the agent runs",
                Duration.ofSeconds(60),
                () -> host.exec("systemctl", "is-active", "unitsmith-agent").succeeded(),
                () -> host.journal("unitsmith-agent"));
    }

    private int agentPid() {
        awaitAgent();
        return Integer.parseInt(host.exec("systemctl", "show", "--value", "--property=MainPID", "unitsmith-agent")
                .output());
    }
}
