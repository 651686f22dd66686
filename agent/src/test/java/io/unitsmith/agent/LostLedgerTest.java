package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mount;
import static io.unitsmith.agent.TestHost.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.apply.LedgerKeeper;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.Assignment.Part;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger is damaged or gone: the next agent knows again what is its own, disturbs nothing, and takes nothing else. */
class LostLedgerTest {

    private static final String SERVICE = "unitsmith-fpm@demo.shop.service";

    @TempDir
    private Path folder;

    private TestHost host;
    private Path ledger;

    @BeforeEach
    void setUp() throws IOException {
        host = host("host");
        ledger = host.root.resolve("var/lib/unitsmith/ledger.json");
    }

    private TestHost host(String name) throws IOException {
        TestHost made = new TestHost(Files.createDirectory(folder.resolve(name)));
        made.secrets.put("key", TestHost.SSH_KEY);
        for (String target : List.of("sockets", "multi-user", "remote-fs")) {
            Path wants = made.root.resolve("etc/systemd/system/" + target + ".target.wants");
            Files.createSymbolicLink(
                    Files.createDirectories(wants).resolve("other.socket"),
                    Path.of("/etc/systemd/system/other.socket"));
        }
        return made;
    }

    /** An assignment as the operator names it. */
    private static void live(TestHost host, String kind, String name, Content content) {
        put(host, kind, name, false, new Part(content, null));
    }

    private static void remove(TestHost host, String kind, String name) {
        put(host, kind, name, true, null);
    }

    private static void put(TestHost host, String kind, String name, boolean remove, Part live) {
        String assignment = Names.assignment(kind, "demo", name);
        Assignment before = host.assignments.get(assignment);
        host.assignments.put(
                assignment,
                new Assignment(
                        assignment,
                        before == null ? 1 : before.generation() + 1,
                        new WorkloadReference(kind, "demo", name, "uid-of-" + name),
                        remove,
                        live,
                        null,
                        Map.of()));
    }

    private static void everyKind(TestHost host) {
        live(host, "PhpFpmPool", "shop", pool("r1", "alice", "8.4", "128M"));
        live(host, "PhpFpmPool", "blog", pool("r1", "alice", "8.2", "128M"));
        live(host, "RemoteMount", "files", mount("r1", "/srv/my-files", true));
        live(host, "RemoteMount", "static", mount("r1", "/srv/static", false));
        live(host, "RemoteMount", "keys", TestHost.sshfs("r1", "/srv/keys", "key"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.activate("srv-keys.mount");
    }

    private static void removeEveryKind(TestHost host) {
        remove(host, "PhpFpmPool", "shop");
        remove(host, "PhpFpmPool", "blog");
        remove(host, "RemoteMount", "files");
        remove(host, "RemoteMount", "static");
        remove(host, "RemoteMount", "keys");
    }

    private static Map<String, String> tree(TestHost host) {
        Map<String, String> tree = host.tree();
        tree.keySet().removeIf(path -> path.startsWith("var/lib/unitsmith") || path.startsWith("run/"));
        return tree;
    }

    private Map<String, FileTime> times() throws IOException {
        Map<String, FileTime> times = new HashMap<>();
        for (String path : tree(host).keySet()) {
            times.put(path, Files.getLastModifiedTime(host.root.resolve(path), LinkOption.NOFOLLOW_LINKS));
        }
        return times;
    }

    @Test
    void howeverItIsLostNothingButTheLedgerIsWrittenAndNothingIsStartedOrStopped() throws IOException {
        everyKind(host);
        Ledger before = host.turn().ledger();
        byte[] whole = Files.readAllBytes(ledger);
        Map<String, FileTime> times = times();
        host.systemd.jobs.clear();
        for (byte[] damaged : damages(whole)) {
            Files.write(ledger, damaged);
            host.start(Checkpoint.NONE);

            assertThat(host.turn().ledger()).isEqualTo(before);
            assertThat(host.ledgerLoss())
                    .hasValueSatisfying(loss -> assertThat(loss).contains("5 workloads in 26 files"));
            assertThat(ledger).hasBinaryContent(whole);
            assertThat(ledger.resolveSibling("ledger.json.corrupt")).hasBinaryContent(damaged);
            assertThat(times()).isEqualTo(times);
            assertThat(host.systemd.jobs).isEmpty();
        }
        assertThat(host.systemd.daemonReloads).isZero();
    }

    private static List<byte[]> damages(byte[] whole) {
        List<byte[]> damages = new ArrayList<>(List.of(new byte[0], new byte[whole.length]));
        for (int length = 50; length < whole.length; length += 50) {
            damages.add(Arrays.copyOf(whole, length));
        }
        for (int at = 0; at < whole.length; at += 211) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x55;
            damages.add(flipped);
        }
        return damages;
    }

    @Test
    void oneThatIsMissingIsRebuiltToo() throws IOException {
        everyKind(host);
        Ledger before = host.turn().ledger();
        host.systemd.jobs.clear();
        Files.delete(ledger);
        host.start(Checkpoint.NONE);

        assertThat(host.turn().ledger()).isEqualTo(before);
        assertThat(host.ledgerLoss())
                .hasValueSatisfying(loss -> assertThat(loss).contains("is missing"));
        assertThat(host.systemd.jobs).isEmpty();

        host.start(Checkpoint.NONE);
        host.turn();
        assertThat(host.ledgerLoss()).as("the next process has nothing to tell").isEmpty();
    }

    @Test
    void whoLooksIsToldOfTheLossBeforeAndAfterTheAgentMadeItGood() throws IOException {
        everyKind(host);
        Ledger before = host.turn().ledger();
        LedgerKeeper keeper = new LedgerKeeper(new AtomicFiles(host.root, Checkpoint.NONE));
        assertThat(keeper.look()).isEqualTo(new LedgerKeeper.Opened(before, null));

        Files.writeString(ledger, "garbage");
        assertThat(keeper.look().ledger().assignments().keySet())
                .isEqualTo(before.assignments().keySet());
        assertThat(keeper.look().loss()).contains("cannot be read");
        assertThat(ledger).as("to look changes nothing").hasContent("garbage");

        host.start(Checkpoint.NONE);
        host.turn();
        assertThat(keeper.look().ledger()).isEqualTo(before);
        assertThat(keeper.look().loss()).contains("ledger.json.corrupt");
    }

    @Test
    void aFreshHostHasLostNothing() {
        host.turn();

        assertThat(host.ledgerLoss()).isEmpty();
        assertThat(ledger).doesNotExist();
    }

    @Test
    void whatIsRemovedAfterALossLeavesTheHostAsItWasBefore() throws IOException {
        Map<String, String> before = tree(host);
        everyKind(host);
        Files.writeString(ledger, "garbage");
        host.start(Checkpoint.NONE);
        removeEveryKind(host);
        Turn turn = host.turn();

        assertThat(turn.failures()).isEmpty();
        assertThat(tree(host)).isEqualTo(before);
        assertThat(host.systemd.active()).isEmpty();
        assertThat(turn.ledger().assignments()).isEmpty();
        assertThat(turn.ledger().folders()).isEmpty();
    }

    @Test
    void whatNobodyAssignsStaysUntilItIsRemoved() throws IOException {
        Map<String, String> before = tree(host);
        everyKind(host);
        Map<String, String> applied = tree(host);
        Files.delete(ledger);
        host.assignments.clear();
        host.start(Checkpoint.NONE);
        host.systemd.jobs.clear();

        assertThat(host.turn().ledger().assignments()).hasSize(5);
        assertThat(tree(host)).isEqualTo(applied);
        assertThat(host.systemd.jobs).isEmpty();

        removeEveryKind(host);
        host.turn();
        assertThat(tree(host)).isEqualTo(before);
    }

    @Test
    void whatSomebodyElseMadeIsNeverTaken() throws IOException {
        everyKind(host);
        Map<String, String> foreign = Map.of(
                "etc/systemd/system/unitsmith-fpm@demo.shop.service.d/override.conf",
                "[Service]\nNice=5\n",
                "etc/systemd/system/srv-copy.mount",
                text("etc/systemd/system/srv-static.mount"),
                "etc/systemd/system/srv-my\\x2dfiles.mount.bak",
                text("etc/systemd/system/srv-my\\x2dfiles.mount"),
                "etc/unitsmith/fpm/8.4/demo.shop.conf.old",
                text("etc/unitsmith/fpm/8.4/demo.shop.conf"),
                "etc/unitsmith/credentials/" + Names.workloadId("RemoteMount", "demo", "keys") + "/identity.old",
                "key",
                "etc/unitsmith/credentials/backup",
                "mine");
        for (Map.Entry<String, String> file : foreign.entrySet()) {
            Files.writeString(host.root.resolve(file.getKey()), file.getValue());
        }
        Path link = Files.createDirectories(host.root.resolve("etc/systemd/system/graphical.target.wants"))
                .resolve("srv-static.mount");
        Files.createSymbolicLink(link, Path.of("/etc/systemd/system/srv-static.mount"));
        Files.delete(ledger);
        host.start(Checkpoint.NONE);
        removeEveryKind(host);

        assertThat(host.turn().ledger().assignments()).isEmpty();
        assertThat(tree(host)).containsAllEntriesOf(foreign);
        assertThat(link).isSymbolicLink();
        assertThat(host.root.resolve("etc/systemd/system/srv-static.mount")).doesNotExist();
    }

    private String text(String path) throws IOException {
        return Files.readString(host.root.resolve(path));
    }

    @Test
    void credentialsAndLinksOfNoWorkloadGo() throws IOException {
        live(host, "PhpFpmPool", "shop", pool("r1", "alice", "8.4", "128M"));
        live(host, "RemoteMount", "keys", TestHost.sshfs("r1", "/srv/keys", "key"));
        host.turn();
        for (String path : List.of(
                "srv-keys.mount",
                "srv-keys.automount",
                "unitsmith-fpm@demo.shop.service.d/unitsmith.conf",
                "unitsmith-fpm@demo.shop.socket.d/unitsmith.conf")) {
            Files.delete(host.root.resolve("etc/systemd/system/" + path));
        }
        Files.delete(host.root.resolve("etc/unitsmith/fpm/8.4/demo.shop.conf"));
        Files.delete(ledger);
        host.assignments.clear();
        host.start(Checkpoint.NONE);
        host.turn();

        assertThat(tree(host).keySet())
                .noneMatch(path -> path.endsWith("identity"))
                .noneMatch(path -> path.endsWith("demo.shop.socket"))
                .noneMatch(path -> path.endsWith("unitsmith-fpm@.socket"))
                .noneMatch(path -> path.startsWith("etc/unitsmith/"))
                .noneMatch(path -> path.endsWith(".d"));
    }

    @Test
    void aChangeThatWasCutOffIsFinishedAllTheSame() throws IOException {
        killEverywhere(LostLedgerTest::onePool, h -> live(h, "PhpFpmPool", "shop", pool("r2", "alice", "8.4", "256M")));
        killEverywhere(LostLedgerTest::onePool, h -> live(h, "PhpFpmPool", "shop", pool("r2", "alice", "8.2", "128M")));
        killEverywhere(
                LostLedgerTest::oneMount, h -> live(h, "RemoteMount", "files", mount("r2", "/srv/files", false)));
    }

    @Test
    void aFirstApplyThatWasCutOffIsFinishedAllTheSame() throws IOException {
        killEverywhere(h -> {}, h -> live(h, "PhpFpmPool", "shop", pool("r1", "alice", "8.4", "128M")));
        killEverywhere(h -> {}, h -> live(h, "RemoteMount", "keys", TestHost.sshfs("r1", "/srv/keys", "key")));
    }

    @Test
    void aRemovalThatWasCutOffIsFinishedAllTheSame() throws IOException {
        killEverywhere(LostLedgerTest::onePool, h -> remove(h, "PhpFpmPool", "shop"));
        killEverywhere(LostLedgerTest::oneMountWithAKey, h -> remove(h, "RemoteMount", "keys"));
    }

    private static void onePool(TestHost host) {
        live(host, "PhpFpmPool", "shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
    }

    private static void oneMount(TestHost host) {
        live(host, "RemoteMount", "files", mount("r1", "/srv/files", true));
        host.turn();
    }

    private static void oneMountWithAKey(TestHost host) {
        live(host, "RemoteMount", "keys", TestHost.sshfs("r1", "/srv/keys", "key"));
        host.turn();
    }

    /** Kills the agent before every single change that it makes, and takes its ledger away as well. */
    private void killEverywhere(Consumer<TestHost> before, Consumer<TestHost> change) throws IOException {
        TestHost whole = host("whole-" + change.hashCode());
        before.accept(whole);
        change.accept(whole);
        whole.turn();
        boolean killed = true;
        int kills = 0;
        for (int moment = 1; killed; moment++) {
            TestHost cut = host("cut-" + change.hashCode() + "-" + moment);
            before.accept(cut);
            awaitAnotherTick(cut);
            killed = cut.isKilledAt(moment, change);
            Files.deleteIfExists(cut.root.resolve("var/lib/unitsmith/ledger.json"));
            cut.start(Checkpoint.NONE);
            cut.turn();

            assertThat(tree(cut)).as("killed at moment %d", moment).isEqualTo(tree(whole));
            // a master that was just stopped to be replaced: without the ledger nobody knows, and the next request
            // starts it
            Set<String> waiting = new TreeSet<>(whole.systemd.active());
            waiting.remove(SERVICE);
            assertThat(cut.systemd.active()).as("killed at moment %d", moment).isIn(whole.systemd.active(), waiting);
            if (cut.systemd.isActive(SERVICE)) {
                assertThat(cut.systemd.isCurrent(SERVICE))
                        .as("the master has the configuration on disk, killed at moment %d", moment)
                        .isTrue();
            }
            kills += killed ? 1 : 0;
        }
        assertThat(kills).isGreaterThan(10);
    }

    /** The kernel's timestamps have the resolution of its timer: no two changes of a real host are so close together. */
    private static void awaitAnotherTick(TestHost host) throws IOException {
        Path probe = host.root.resolve("run/unitsmith-now");
        FileTime before = Files.getLastModifiedTime(Files.writeString(probe, ""));
        while (Files.getLastModifiedTime(Files.writeString(probe, "")).equals(before)) {
            Thread.onSpinWait();
        }
    }
}
