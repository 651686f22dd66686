package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountTableTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsMountedLastAtAPathCountsAndAutomountsDoNot() throws IOException {
        Path mountinfo = Files.writeString(folder.resolve("mountinfo"), """
                36 35 0:40 / /srv/my\\040files rw,relatime shared:1 - autofs systemd-1 rw,fd=51,direct
                37 36 0:41 / /srv/my\\040files rw,nosuid shared:2 master:3 - fuse.sshfs me@files:/a\\040b rw,user_id=0
                38 35 0:42 / /srv/waits rw - autofs systemd-1 rw,direct
                39 35 0:43 / /srv/twice rw - nfs4 old:/x rw,addr=10.0.0.1
                40 39 0:44 / /srv/twice ro - nfs4 new:/x rw,addr=10.0.0.2
                """);
        MountTable table = new MountTable(mountinfo);
        assertThat(table.fileSystems())
                .isEqualTo(Map.of(
                        "/srv/my files",
                        new Mounted("0:41", "me@files:/a b", "fuse.sshfs", "rw,nosuid,rw,user_id=0"),
                        "/srv/twice",
                        new Mounted("0:44", "new:/x", "nfs4", "ro,rw,addr=10.0.0.2")));
        assertThat(table.points()).containsExactly("/srv/my files", "/srv/twice", "/srv/waits");
    }

    @Test
    void whatIsNotUtf8TakesNothingElseWithIt() throws IOException {
        Path mountinfo = Files.write(folder.resolve("mountinfo"), """
                36 35 0:40 / /home/eve/\u00fcml\u00e4ut rw - fuse.x \u00e9vil rw
                37 35 0:41 / /srv/files rw - nfs4 files:/x rw
                """.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new MountTable(mountinfo).fileSystems())
                .containsEntry("/srv/files", new Mounted("0:41", "files:/x", "nfs4", "rw,rw"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fuse", "fuse.sshfs", "nfs4", "cifs", "autofs"})
    void whatMayAskAServerIsNotTouched(String type) {
        assertThat(MountTable.mayAskServer(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "fuseblk", "fusectl", "tmpfs"})
    void whatIsOfThisHostMayBe(String type) {
        assertThat(MountTable.mayAskServer(type)).isFalse();
    }
}
