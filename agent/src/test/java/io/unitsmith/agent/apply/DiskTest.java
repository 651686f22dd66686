package io.unitsmith.agent.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {

    @TempDir
    private Path root;

    private AtomicFiles files;
    private final List<Path> read = new ArrayList<>();

    @BeforeEach
    void setUp() throws IOException {
        files = new AtomicFiles(root, Checkpoint.NONE);
        Files.writeString(root.resolve("file"), "text");
    }

    /** One for which files have been as they are for a while. */
    private Disk later() {
        return disk(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
    }

    private Disk disk(Clock clock) {
        return new Disk(
                files,
                file -> {
                    read.add(file);
                    return Files.readAllBytes(file);
                },
                clock);
    }

    private static Found look(Disk disk, String path) {
        return disk.look(Set.of(path)).get(path);
    }

    @Test
    void saysWhatIsThere() throws IOException {
        Files.createDirectory(root.resolve("folder"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("file"));
        Files.setPosixFilePermissions(root.resolve("file"), PosixFilePermissions.fromString("rw-r-----"));
        Disk disk = later();

        assertThat(look(disk, "/file")).isEqualTo(new Found.RegularFile(Names.hash("text"), 0640, true, null));
        assertThat(look(disk, "/link")).isEqualTo(new Found.SymbolicLink("file"));
        assertThat(look(disk, "/folder")).isEqualTo(new Found.Other("a directory"));
        assertThat(look(disk, "/nothing")).isEqualTo(new Found.Nothing());
    }

    @Test
    void whatHasNotChangedIsReadOnce() {
        Disk disk = later();
        Found first = look(disk, "/file");

        assertThat(look(disk, "/file")).isEqualTo(first);
        assertThat(read).hasSize(1);
    }

    @Test
    void aFileThatWasChangedAMomentAgoIsReadAgain() {
        Disk disk = disk(Clock.systemUTC());
        look(disk, "/file");
        look(disk, "/file");

        assertThat(read).hasSize(2);
    }

    @Test
    void aChangeIsSeenThatLeavesSizeAndTimeOfTheContentAsTheyWere() throws IOException {
        Disk disk = later();
        look(disk, "/file");
        FileTime time = Files.getLastModifiedTime(root.resolve("file"));
        awaitAnotherTick();
        Files.writeString(root.resolve("file"), "TEXT");
        Files.setLastModifiedTime(root.resolve("file"), time);

        assertThat(look(disk, "/file"))
                .isInstanceOfSatisfying(
                        Found.RegularFile.class,
                        found -> assertThat(found.sha256()).isEqualTo(Names.hash("TEXT")));
    }

    @Test
    void anotherModeAndAnotherReaderAreSeen() throws IOException {
        Disk disk = later();
        files.write("/secret", new byte[0], 0600, null);
        look(disk, "/secret");
        Files.setPosixFilePermissions(root.resolve("secret"), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(look(disk, "/secret")).isEqualTo(new Found.RegularFile(Names.hash(""), 0666, true, null));

        files.write("/secret", new byte[0], 0600, 1234L);
        assertThat(look(disk, "/secret")).isEqualTo(new Found.RegularFile(Names.hash(""), 0600, true, 1234L));
    }

    @Test
    void whatIsForgottenIsReadAgain() {
        Disk disk = later();
        look(disk, "/file");
        disk.forget();
        look(disk, "/file");

        assertThat(read).hasSize(2);
    }

    /** The kernel's timestamps have the resolution of its timer. */
    private void awaitAnotherTick() throws IOException {
        Path probe = root.resolve("probe");
        Object before = Files.getAttribute(root.resolve("file"), "unix:ctime");
        do {
            Files.writeString(probe, "");
        } while (Files.getAttribute(probe, "unix:ctime").equals(before));
    }
}
