package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.Fstab.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FstabTest {

    @Test
    void entriesHaveTheirLineAndTheirPathInItsShortestForm() {
        assertThat(Fstab.parse("""
                # /etc/fstab: static file system information.
                UUID=1\t/\text4\terrors=remount-ro 0 1

                  /dev/sdb1 //srv/./data/ ext4
                #/dev/sdc1 /srv/old ext4
                /dev/sdd1 none swap sw 0 0
                files:/export /srv/my\\040files nfs4 _netdev,nofail 0 0
                tmpfs /srv/\\303\\274ber
                """))
                .containsExactly(
                        new Entry(2, "/", "ext4", Set.of("errors=remount-ro")),
                        new Entry(4, "/srv/data", "ext4", Set.of()),
                        new Entry(7, "/srv/my files", "nfs4", Set.of("_netdev", "nofail")),
                        new Entry(8, "/srv/über", "auto", Set.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nfs4       | defaults                    | true
            fuse.sshfs | defaults                    | true
            fuse.s3fs  | _netdev,allow_other         | true
            ext4       | noauto,x-systemd.automount  | true
            ext4       | defaults                    | false
            ext4       | noauto                      | false
            """)
    void whatIsRemoteOrAutomaticIsKnownByTypeAndOptions(String type, String options, boolean expected) {
        Entry entry =
                Fstab.parse("what /where %s %s 0 0".formatted(type, options)).getFirst();
        assertThat(entry.isRemoteOrAutomatic()).isEqualTo(expected);
    }

    @Test
    void whatIsNotUtf8TakesNothingElseWithIt(@TempDir Path folder) throws IOException {
        Path fstab = Files.write(
                folder.resolve("fstab"),
                "# f\u00fcr alle\nfiles:/export /srv/files nfs4 defaults 0 0\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new Fstab(fstab).entries()).containsExactly(new Entry(2, "/srv/files", "nfs4", Set.of("defaults")));
    }

    @Test
    void noFileIsNoEntries(@TempDir Path folder) {
        assertThat(new Fstab(folder.resolve("fstab")).entries()).isEmpty();
    }
}
