package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mount;
import static io.unitsmith.agent.TestHost.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent is killed before every single change that it makes, and the next one ends where it would have ended. */
class KillTest {

    private static final String SERVICE = "unitsmith-fpm@demo.shop.service";

    @TempDir
    private Path folder;

    private static final class Killed extends Error {}

    @Test
    void whileItAppliesForTheFirstTime() throws IOException {
        killEverywhere(host -> {}, host -> {
            host.live("shop", pool("r1", "alice", "8.4", "128M"));
            host.live("files", mount("r1", "/srv/files", true));
        });
    }

    @Test
    void whileItReloads() throws IOException {
        killEverywhere(KillTest::pools, host -> host.live("shop", pool("r2", "alice", "8.4", "256M")));
    }

    @Test
    void whileItSwitchesToAnotherPhp() throws IOException {
        killEverywhere(KillTest::pools, host -> host.live("shop", pool("r2", "alice", "8.2", "128M")));
    }

    @Test
    void whileItTakesAnAutomountAway() throws IOException {
        killEverywhere(
                host -> {
                    host.live("files", mount("r1", "/srv/files", true));
                    host.turn();
                },
                host -> host.live("files", mount("r2", "/srv/files", false)));
    }

    @Test
    void whileItRemoves() throws IOException {
        killEverywhere(KillTest::pools, host -> host.remove("shop"));
    }

    private static void pools(TestHost host) {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.live("blog", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
    }

    private void killEverywhere(Consumer<TestHost> before, Consumer<TestHost> change) throws IOException {
        TestHost whole = host("whole");
        before.accept(whole);
        change.accept(whole);
        whole.turn();
        Map<String, String> tree = whole.tree();
        Set<String> active = whole.systemd.active();

        int kills = 0;
        boolean killed = true;
        for (int moment = 1; killed; moment++) {
            TestHost host = host("killed-" + moment);
            before.accept(host);
            change.accept(host);
            killed = turnUntil(host, moment);
            host.start(Checkpoint.NONE);
            host.turn();

            assertThat(host.tree()).as("killed at moment %d", moment).isEqualTo(tree);
            assertThat(host.systemd.active()).as("killed at moment %d", moment).isEqualTo(active);
            if (host.systemd.isActive(SERVICE)) {
                assertThat(host.systemd.isCurrent(SERVICE))
                        .as("the master has the configuration on disk, killed at moment %d", moment)
                        .isTrue();
            }
            kills += killed ? 1 : 0;
        }
        assertThat(kills).isGreaterThan(10);
    }

    private TestHost host(String name) throws IOException {
        return new TestHost(Files.createDirectory(folder.resolve(name)));
    }

    /** Returns whether the moment came. */
    private static boolean turnUntil(TestHost host, int moment) {
        int[] moments = {0};
        host.start(what -> {
            if (++moments[0] == moment) {
                throw new Killed();
            }
        });
        try {
            host.turn();
            return false;
        } catch (Killed e) {
            return true;
        }
    }
}
