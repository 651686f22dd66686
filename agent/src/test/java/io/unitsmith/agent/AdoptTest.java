package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.adoptingMount;
import static io.unitsmith.agent.TestHost.mount;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Units that the host's admin had for a path: in the way, or taken over and given back. */
class AdoptTest {

    private static final String MOUNT = "srv-files.mount";
    private static final String AUTOMOUNT = "srv-files.automount";

    @TempDir
    private Path folder;

    private TestHost host;

    @BeforeEach
    void setUp() throws IOException {
        host = hostWithAMount("host");
    }

    /** One whose admin has a mount of her own, which is mounted and enabled. */
    private TestHost hostWithAMount(String name) throws IOException {
        TestHost made = new TestHost(Files.createDirectory(folder.resolve(name)));
        Path units = made.root.resolve("etc/systemd/system");
        Files.writeString(units.resolve(MOUNT), "[Mount]\nWhat=old:/export\nWhere=/srv/files\n");
        Files.setPosixFilePermissions(units.resolve(MOUNT), PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(
                Files.createDirectory(units.resolve("remote-fs.target.wants")).resolve(MOUNT),
                Path.of("/etc/systemd/system/srv-files.mount"));
        Files.writeString(
                made.root.resolve("proc/self/mountinfo"), "36 35 98:0 / /srv/files rw - nfs4 old:/export rw\n");
        made.systemd.activate(MOUNT);
        return made;
    }

    private static void live(TestHost host, Content content) {
        host.live("files", content);
    }

    /** With modes; without what the agent keeps for itself. */
    private static Map<String, String> tree(TestHost host) {
        Map<String, String> tree = new TreeMap<>(host.tree());
        tree.keySet().removeIf(path -> path.startsWith("var/lib/unitsmith") || path.startsWith("run"));
        tree.replaceAll((path, what) -> {
            try {
                Path file = host.root.resolve(path);
                return what
                        + PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return tree;
    }

    private static List<Problem> problems(TestHost host) {
        return AgentTest.problems(host.turn(), "files", true);
    }

    @Test
    void withoutAdoptionTheyAreAConflictThatNamesTheWayOut() {
        Map<String, String> before = tree(host);
        live(host, mount("r1", "/srv/files", true));

        assertThat(problems(host)).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo("Conflict");
            assertThat(problem.message()).contains("/etc/systemd/system/srv-files.mount", "spec.adoptExisting: true");
        });
        assertThat(tree(host)).isEqualTo(before);
    }

    @Test
    void theyAreTakenOverWithWhatStartsThemAtBoot() {
        live(host, adoptingMount("r1", "/srv/files", true));

        assertThat(problems(host)).isEmpty();
        assertThat(host.systemd.active()).containsExactlyInAnyOrder(AUTOMOUNT, MOUNT);
        assertThat(host.systemd.isCurrent(MOUNT)).isTrue();
        assertThat(tree(host).get("etc/systemd/system/" + MOUNT)).contains("files:/export");
        assertThat(tree(host)).doesNotContainKey("etc/systemd/system/remote-fs.target.wants/" + MOUNT);

        host.systemd.jobs.clear();
        Map<String, String> after = host.tree();
        host.turn();
        assertThat(host.tree()).isEqualTo(after);
        assertThat(host.systemd.jobs)
                .as("what is mounted is asked whether it answers")
                .containsExactly("START unitsmith-probe@srv-files.service");
    }

    @Test
    void theyComeBackAsTheyWereWhenTheMountGoes() {
        for (boolean automount : new boolean[] {true, false}) {
            Map<String, String> before = tree(host);
            live(host, adoptingMount("r1", "/srv/files", automount));
            host.turn();
            assertThat(tree(host)).as("control").isNotEqualTo(before);
            host.remove("files");
            host.turn();

            assertThat(tree(host)).isEqualTo(before);
            assertThat(host.systemd.active()).containsExactly(MOUNT);
            assertThat(host.systemd.isCurrent(MOUNT)).isTrue();
            assertThat(host.root.resolve("var/lib/unitsmith/originals")).doesNotExist();
            host.assignments.clear();
        }
    }

    @Test
    void whatSomebodyMakesMeanwhileIsNotReplacedByTheOriginal() throws IOException {
        live(host, adoptingMount("r1", "/srv/files", true));
        host.turn();
        Path link = host.root.resolve("etc/systemd/system/remote-fs.target.wants/" + MOUNT);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of("/run/another"));
        host.remove("files");
        host.turn();

        assertThat(Files.readSymbolicLink(link)).hasToString("/run/another");
    }

    @Test
    void aMountWithoutAUnitOfItsOwnIsNobodysToTake() throws IOException {
        Files.delete(host.root.resolve("etc/systemd/system/" + MOUNT));
        live(host, adoptingMount("r1", "/srv/files", true));

        assertThat(problems(host))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("mounted at /srv/files already"));
    }

    @Test
    void anAutomountThatTheAdminAddsLaterIsTakenOverOnlyByAMountThatAdopts() throws IOException {
        TestHost plain = new TestHost(Files.createDirectory(folder.resolve("plain")));
        live(plain, mount("r1", "/srv/files", false));
        plain.turn();
        Files.writeString(plain.root.resolve("etc/systemd/system/" + AUTOMOUNT), "[Automount]\nWhere=/srv/files\n");
        plain.systemd.activate(AUTOMOUNT);
        live(plain, mount("r2", "/srv/files", false));
        plain.turn();
        assertThat(tree(plain)).containsKey("etc/systemd/system/" + AUTOMOUNT);
        assertThat(plain.systemd.isActive(AUTOMOUNT)).isTrue();

        live(plain, adoptingMount("r3", "/srv/files", false));
        plain.turn();
        assertThat(tree(plain)).doesNotContainKey("etc/systemd/system/" + AUTOMOUNT);
        assertThat(plain.systemd.active()).containsExactly(MOUNT);

        plain.remove("files");
        plain.turn();
        assertThat(tree(plain)).containsKey("etc/systemd/system/" + AUTOMOUNT);
        assertThat(plain.systemd.active()).containsExactly(AUTOMOUNT);
    }

    @Test
    void whoeverUsesItIsNotCutOff() {
        Map<String, String> before = tree(host);
        host.systemd.busy.add(MOUNT);
        live(host, adoptingMount("r1", "/srv/files", true));

        assertThat(host.turn().failures().get("files").reason()).isEqualTo("MountBusy");
        assertThat(tree(host)).isEqualTo(before);
        assertThat(host.systemd.isActive(MOUNT)).isTrue();
    }

    @Test
    void killedWhileItTakesOver() throws IOException {
        killEverywhere(h -> {}, h -> live(h, adoptingMount("r1", "/srv/files", true)));
    }

    @Test
    void killedWhileItGivesBack() throws IOException {
        killEverywhere(
                h -> {
                    live(h, adoptingMount("r1", "/srv/files", true));
                    h.turn();
                },
                h -> h.remove("files"));
    }

    private void killEverywhere(Consumer<TestHost> before, Consumer<TestHost> change) throws IOException {
        TestHost whole = hostWithAMount("whole");
        before.accept(whole);
        change.accept(whole);
        whole.turn();
        boolean killed = true;
        int kills = 0;
        for (int moment = 1; killed; moment++) {
            TestHost cut = hostWithAMount("cut-" + moment);
            Map<String, String> start = tree(cut);
            before.accept(cut);
            change.accept(cut);
            killed = cut.isKilledAt(moment, host -> {});
            cut.start(Checkpoint.NONE);
            cut.turn();

            assertThat(tree(cut)).as("killed at moment %d", moment).isEqualTo(tree(whole));
            assertThat(cut.systemd.active()).as("killed at moment %d", moment).isEqualTo(whole.systemd.active());

            cut.remove("files");
            cut.turn();
            assertThat(tree(cut)).as("killed at moment %d, and removed", moment).isEqualTo(start);
            assertThat(cut.systemd.active()).containsExactly(MOUNT);
            kills += killed ? 1 : 0;
        }
        assertThat(kills).isGreaterThan(10);
    }
}
