package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.pool;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent stops what nobody uses, and takes it for no fault afterwards. */
class IdleTest {

    private static final String SOCKET = "unitsmith-fpm@demo.shop.socket";
    private static final String SERVICE = "unitsmith-fpm@demo.shop.service";

    @TempDir
    private Path root = Path.of("");

    private TestHost host;

    @BeforeEach
    void aMasterServes() throws IOException {
        host = new TestHost(root);
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        itsProcesses(List.of());
        host.turn();
        host.systemd.jobs.clear();
    }

    @Test
    void aMasterThatNobodyUsesForFiveMinutesIsStoppedAndItsSocketStays() {
        pass(Duration.ofSeconds(299));
        assertThat(host.systemd.jobs).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(host.systemd.jobs).containsExactly("STOP " + SERVICE);

        pass(Duration.ofMinutes(1));
        assertThat(host.systemd.jobs).as("it is left as it is").hasSize(1);
        assertThat(host.systemd.isActive(SOCKET)).isTrue();
    }

    @Test
    void aMasterWithAConnectionIsNotStopped() throws IOException {
        pass(Duration.ofSeconds(200));
        itsProcesses(List.of("socket:[17]"));
        pass(Duration.ofHours(1));
        assertThat(host.systemd.jobs).isEmpty();

        itsProcesses(List.of());
        pass(Duration.ofSeconds(10));
        pass(Duration.ofMinutes(5));
        assertThat(host.systemd.jobs).containsExactly("STOP " + SERVICE);
    }

    private void pass(Duration time) {
        host.clock.pass(time);
        host.turn();
    }

    /** One besides the master, with these connections. */
    private void itsProcesses(List<String> connections) throws IOException {
        int master = host.systemd.states(List.of(SERVICE)).get(SERVICE).mainPid();
        Path proc = root.resolve("proc");
        Files.createDirectories(proc.resolve(master + "/fd"));
        Files.createDirectories(proc.resolve(master + "/task/" + master));
        Files.writeString(proc.resolve(master + "/task/" + master + "/children"), "7 ");
        Path fd = Files.createDirectories(proc.resolve("7/fd"));
        Files.writeString(proc.resolve("7/stat"), "7 (php-fpm) S" + " 1".repeat(49));
        Files.writeString(proc.resolve("7/status"), "voluntary_ctxt_switches:\t1\n");
        Files.writeString(proc.resolve("7/cmdline"), "php-fpm: pool demo.shop\0");
        Files.deleteIfExists(fd.resolve("3"));
        for (String connection : connections) {
            Files.createSymbolicLink(fd.resolve("3"), Path.of(connection));
        }
    }
}
