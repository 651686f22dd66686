package io.unitsmith.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path root;

    private AtomicFiles files;

    private static final class Killed extends Error {}

    @BeforeEach
    void setUp() {
        files = new AtomicFiles(root, Checkpoint.NONE);
    }

    @Test
    void writesContentAndMode() throws IOException {
        files.write("/file", TEXT, 0640, null);

        assertThat(root.resolve("file")).hasContent("text");
        assertThat(files.modeOf("/file")).isEqualTo(0640);
        assertThat(files.readerOf("/file")).isNull();
    }

    @Test
    void letsOneMoreUserRead() throws IOException {
        files.write("/file", TEXT, 0600, 1234L);

        assertThat(files.readerOf("/file")).isEqualTo(1234L);
        assertThat(files.modeOf("/file")).isEqualTo(0600);
    }

    @Test
    void forgetsTheReaderOfTheFileThatWasThere() throws IOException {
        files.write("/file", TEXT, 0600, 1234L);
        files.write("/file", TEXT, 0600, null);

        assertThat(files.readerOf("/file")).isNull();
    }

    @Test
    void whoIsKilledLeavesTheOldFileAndAtMostOneTemporaryFileThatIsSwept() throws IOException {
        files.write("/file", "old".getBytes(StandardCharsets.UTF_8), 0600, null);
        AtomicFiles killed = new AtomicFiles(root, moment -> {
            if (moment.startsWith("rename")) {
                throw new Killed();
            }
        });
        assertThatThrownBy(() -> killed.write("/file", TEXT, 0600, null)).isInstanceOf(Killed.class);

        assertThat(root.resolve("file")).hasContent("old");
        assertThat(root.toFile().list()).hasSize(2);
        files.sweep("/");
        assertThat(root.toFile().list()).containsExactly("file");
    }

    @Test
    void aNameAsLongAsCanBeIsNoObstacle() throws IOException {
        String name = "a".repeat(255);
        files.write("/" + name, TEXT, 0600, null);

        assertThat(root.resolve(name)).exists();
    }

    @Test
    void replacesALinkAndNotWhatItPointsTo() throws IOException {
        Files.writeString(root.resolve("target"), "untouched");
        files.link("/link", "target");
        files.write("/link", TEXT, 0600, null);

        assertThat(root.resolve("target")).hasContent("untouched");
        assertThat(Files.isSymbolicLink(root.resolve("link"))).isFalse();
    }

    @Test
    void followsNoLinkOfATenantsAndOneOfRootsOnly() throws IOException {
        Files.createDirectory(root.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("elsewhere"));
        files.write("/link/file", TEXT, 0600, null);
        assertThat(root.resolve("elsewhere/file")).as("an own link").exists();

        assumeThat(Files.getAttribute(root, "unix:uid"))
                .as("only root can make others' links")
                .isEqualTo(0);
        Files.setAttribute(link, "unix:uid", 1234, LinkOption.NOFOLLOW_LINKS);
        List<ThrowingCallable> changes = List.of(
                () -> files.write("/link/other", TEXT, 0600, null),
                () -> files.restore("/link/other", TEXT, 0600, 0, 0),
                () -> files.link("/link/other", "target"),
                () -> files.makeFolder("/link/other", 0755),
                () -> files.rename("/link/file", "/link/other"),
                () -> files.delete("/link/file"),
                () -> files.removeFolder("/link/folder"));
        for (ThrowingCallable change : changes) {
            assertThatThrownBy(change).isInstanceOf(IOException.class).hasMessageContaining("/link is a symbolic link");
        }
        assertThat(root.resolve("elsewhere").toFile().list()).containsExactly("file");
    }

    @Test
    void restoresAFileAsSomebodyElseHadIt() throws IOException {
        int uid = (int) Files.getAttribute(root, "unix:uid") == 0 ? 1234 : (int) Files.getAttribute(root, "unix:uid");
        int gid = (int) Files.getAttribute(root, "unix:gid");
        files.restore("/file", TEXT, 0644, uid, gid);

        assertThat(root.resolve("file")).hasContent("text");
        assertThat(files.modeOf("/file")).isEqualTo(0644);
        assertThat(Files.getAttribute(root.resolve("file"), "unix:uid")).isEqualTo(uid);
    }

    @Test
    void keepsAFolderWithSomethingInIt() throws IOException {
        files.makeFolder("/folder", 0755);
        files.write("/folder/file", TEXT, 0600, null);

        assertThat(files.removeFolder("/folder")).isFalse();
        files.delete("/folder/file");
        assertThat(files.removeFolder("/folder")).isTrue();
        assertThat(root.resolve("folder")).doesNotExist();
    }

    @Test
    void namesTheFoldersThatAreMissingOutermostFirst() throws IOException {
        files.makeFolder("/a", 0755);

        assertThat(files.missingFolders("/a/b/c/file")).containsExactly("/a/b", "/a/b/c");
    }
}
