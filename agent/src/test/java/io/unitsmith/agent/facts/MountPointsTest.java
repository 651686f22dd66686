package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T40: a mount point behind a symbolic link, or below another mount; and one that is not empty. */
class MountPointsTest {

    @TempDir
    private Path root;

    private MountPoints points;

    @BeforeEach
    void setUp() throws IOException {
        Files.createDirectories(root.resolve("srv/empty"));
        Files.createDirectories(root.resolve("net"));
        Path mountinfo = root.resolve("mountinfo");
        Files.writeString(mountinfo, """
                22 1 254:1 / / rw shared:1 - ext4 /dev/vda1 rw
                30 22 254:2 / /data rw shared:2 - xfs /dev/vdb rw
                31 22 0:40 / /net/a\\040b rw,relatime shared:3 master:1 - nfs4 files:/ rw
                32 22 0:41 / /net/auto rw - autofs systemd-1 rw
                33 22 0:42 / /net/fuse rw - fuse.sshfs me@files:/ rw
                34 32 0:43 / /net/over rw - ext4 /dev/vdc rw
                35 32 0:44 / /net/over rw - cifs //files/x rw
                """);
        points = new MountPoints(root, new MountTable(mountinfo));
    }

    @Test
    void whatIsNotThereOrEmptyIsFine() {
        assertThat(points.fault("/srv/empty", true)).isEmpty();
        assertThat(points.fault("/srv/none/at/all", true)).isEmpty();
        assertThat(points.fault("/data/shop", true)).isEmpty();
    }

    @Test
    void aFolderWithSomethingInItIsNamedWithSomeOfIt() throws IOException {
        for (String name : new String[] {"b", "a", "d", "c"}) {
            Files.createFile(root.resolve("srv/empty/" + name));
        }
        assertThat(points.fault("/srv/empty", true))
                .hasValue(
                        "the mount would hide what is in \"/srv/empty\" (a, b, c and 1 more): move that away, or set spec.protectMountpoint: false");
        assertThat(points.fault("/srv/empty", false)).isEmpty();
    }

    @Test
    void linksInThePathAreNamed() throws IOException {
        Files.createSymbolicLink(root.resolve("srv/link"), Path.of("empty"));
        for (String path : new String[] {"/srv/link", "/srv/link/x/y"}) {
            assertThat(points.fault(path, false).orElseThrow()).startsWith("\"/srv/link\" is a symbolic link");
        }
    }

    @Test
    void aFileInThePathIsNamed() throws IOException {
        Files.createFile(root.resolve("srv/file"));
        assertThat(points.fault("/srv/file", false)).hasValue("\"/srv/file\" is no directory");
        assertThat(points.fault("/srv/file/x", false)).hasValue("\"/srv/file\" is no directory");
    }

    @Test
    void nothingIsTouchedBelowWhatAsksAServer() {
        assertThat(points.fault("/net/a b/x", true))
                .hasValue("\"/net/a b/x\" is below \"/net/a b\", which nfs4 is mounted at");
        assertThat(points.fault("/net/auto/x/y", true)).isPresent();
        assertThat(points.fault("/net/fuse/x", true)).isPresent();
        assertThat(points.fault("/net/over/x", true).orElseThrow()).contains("cifs");
    }
}
