package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.drift.Drift;
import io.unitsmith.api.v1alpha1.DriftPolicy;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T43: what runs is no longer what is installed, which is noticed and, by policy, put right without a lost request. */
class UpgradeTest {

    private static final String SERVICE = "unitsmith-fpm@demo.shop.service";
    private static final String BINARY = "usr/sbin/php-fpm8.4";
    private static final Duration NEXT_LOOK = Duration.ofSeconds(30);

    @TempDir
    private Path root = Path.of("");

    private TestHost host;

    @BeforeEach
    void setUp() throws IOException {
        host = new TestHost(root);
        Files.createDirectories(root.resolve(BINARY).getParent());
        Files.writeString(root.resolve(BINARY), "PHP");
        Files.writeString(root.resolve("proc/locks"), "");
    }

    @Test
    void aMasterThatRunsAReplacedBinaryIsReplacedOnce() throws IOException {
        serves(DriftPolicy.REPAIR);
        runs(BINARY);
        Drift drift = look();
        assertThat(host.systemd.jobs).as("it may not be all of the upgrade").isEmpty();
        assertThat(drift).isEqualTo(Drift.NONE);

        drift = look();
        assertThat(host.systemd.jobs).containsExactly("STOP " + SERVICE, "START " + SERVICE);
        assertThat(drift.persists()).isFalse();
        assertThat(drift.reason()).isEqualTo(Reason.REPAIRED);
        assertThat(drift.message()).endsWith(SERVICE + " runs /" + BINARY + " of before an upgrade");

        look();
        look();
        assertThat(host.systemd.jobs).as("what runs now is what is installed").hasSize(2);
    }

    @Test
    void whileAPackageManagerIsAtWorkNothingIsReplaced() throws IOException {
        serves(DriftPolicy.REPAIR);
        isLocked();
        runs(BINARY);
        look();
        look();
        look();
        assertThat(host.systemd.jobs).isEmpty();

        Files.writeString(root.resolve("proc/locks"), "1: POSIX  ADVISORY  WRITE 7 08:01:0 0 EOF\n");
        look();
        assertThat(host.systemd.jobs).isNotEmpty();
    }

    @Test
    void aMasterWhoseBinaryIsGoneForGoodIsLeftAsItServes() throws IOException {
        serves(DriftPolicy.REPAIR);
        runs("usr/sbin/php-fpm8.4.purged");
        look();
        assertThat(look()).isEqualTo(Drift.NONE);
        assertThat(host.systemd.jobs).isEmpty();
    }

    @Test
    void opcachesMemoryIsNoProgram() throws IOException {
        serves(DriftPolicy.REPAIR);
        Files.createDirectories(root.resolve("dev"));
        Files.writeString(root.resolve("dev/zero"), "");
        runs("dev/zero");
        look();
        assertThat(look()).isEqualTo(Drift.NONE);
        assertThat(host.systemd.jobs).isEmpty();
    }

    @Test
    void underReportItStaysAndIsSaid() throws IOException {
        serves(DriftPolicy.REPORT);
        runs(BINARY);
        look();
        Drift drift = look();
        assertThat(host.systemd.jobs).isEmpty();
        assertThat(drift.persists()).isTrue();
        assertThat(drift.message())
                .contains(SERVICE + " runs /" + BINARY + " of before an upgrade")
                .contains("`systemctl stop " + SERVICE + "` lets running requests end");

        host.systemd.stop(SERVICE);
        assertThat(look()).as("the next master is another process").isEqualTo(Drift.NONE);
    }

    private void serves(DriftPolicy policy) {
        host.live("shop", pool("r1", "alice", "8.4", "128M", policy));
        host.turn();
        host.systemd.activate(SERVICE);
        host.turn();
        host.systemd.jobs.clear();
    }

    @Test
    void whatATenantMapsIsNotLookedAt() throws IOException {
        serves(DriftPolicy.REPAIR);
        Files.createDirectories(root.resolve("home/alice"));
        Files.writeString(root.resolve("home/alice/mine.so"), "");
        runs("home/alice/mine.so");
        look();
        assertThat(look()).isEqualTo(Drift.NONE);
        assertThat(host.systemd.jobs).isEmpty();
    }

    @Test
    void upgradesOneAfterTheOtherAreNoFightAndEachWaits() throws IOException {
        serves(DriftPolicy.REPAIR);
        for (int upgrade = 1; upgrade <= 4; upgrade++) {
            runs(BINARY);
            look();
            assertThat(look().reason()).isNotEqualTo(Reason.CONTENDED);
            host.clock.pass(Duration.ofMinutes(10));
            assertThat(look().reason()).isNotEqualTo(Reason.CONTENDED);
            assertThat(host.systemd.jobs).as("after upgrade %d", upgrade).hasSize(2 * upgrade);
        }
        runs(BINARY);
        look();
        look();
        runs(BINARY);
        look();
        look();
        look();
        assertThat(host.systemd.jobs).as("within ten minutes of the last").hasSize(10);
    }

    @Test
    void whatWasSaidUnderReportStaysSaidWhileAPackageManagerIsAtWork() throws IOException {
        serves(DriftPolicy.REPORT);
        runs(BINARY);
        look();
        assertThat(look().persists()).isTrue();
        isLocked();
        assertThat(look().persists()).isTrue();
    }

    /** dpkg has its lock. */
    private void isLocked() throws IOException {
        Path lock = root.resolve("var/lib/dpkg/lock");
        Files.createDirectories(lock.getParent());
        Files.writeString(lock, "");
        Files.createDirectories(root.resolve("proc/4711"));
        Files.writeString(
                root.resolve("proc/locks"),
                "1: POSIX  ADVISORY  WRITE 4711 08:01:%s 0 EOF\n".formatted(Files.getAttribute(lock, "unix:ino")));
    }

    /** What is mapped, by an inode that has no name any more. */
    private void runs(String path) throws IOException {
        Path process = root.resolve(
                "proc/" + host.systemd.states(List.of(SERVICE)).get(SERVICE).mainPid());
        Files.createDirectories(process);
        Files.writeString(process.resolve("maps"), """
                55d0c0000000-55d0c0100000 r--p 00000000 08:01 42 /%s (deleted)
                55d0c0100000-55d0c0200000 r-xp 00100000 08:01 42                         /%s (deleted)
                7f00c0000000-7f00c0100000 r-xp 00000000 08:01 43                         /usr/lib/libc.so.6
                7f00c0100000-7f00c0200000 rw-p 00000000 00:00 0
                """.formatted(path, path));
    }

    private Drift look() {
        host.clock.pass(NEXT_LOOK);
        return host.turn().drifts().get("shop");
    }
}
