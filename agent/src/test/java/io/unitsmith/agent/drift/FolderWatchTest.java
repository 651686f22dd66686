package io.unitsmith.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {

    @TempDir
    private Path root;

    private final Semaphore wakes = new Semaphore(0);
    private AtomicFiles files;
    private Watch watch;

    @BeforeEach
    void setUp() throws IOException {
        files = new AtomicFiles(root, Checkpoint.NONE);
        Files.createDirectories(root.resolve("etc/units"));
        for (String name : new String[] {"a", "b", "c"}) {
            Files.writeString(root.resolve("etc/units/" + name), "as applied");
        }
        watch = FolderWatch.start(files);
        watch.onChange(wakes::release);
        watch.follow(Set.of("/etc", "/etc/units", "/etc/not-there"));
    }

    @AfterEach
    void close() throws IOException {
        ((FolderWatch) watch).close();
    }

    @Test
    void whatIsEditedRemovedOrGivenAnotherModeIsNoticed() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(root.resolve("etc/units/a"), PosixFilePermissions.fromString("rwxrwxrwx"));
        awaitChange("/etc/units/a");
        Files.writeString(root.resolve("etc/units/b"), "edited");
        awaitChange("/etc/units/b");
        Files.delete(root.resolve("etc/units/c"));
        awaitChange("/etc/units/c");
    }

    @Test
    void aFolderThatComesAndGoesIsFollowedAgain() throws IOException, InterruptedException {
        for (String name : new String[] {"a", "b", "c"}) {
            Files.delete(root.resolve("etc/units/" + name));
        }
        Files.delete(root.resolve("etc/units"));
        awaitChange("/etc/units");
        Files.createDirectory(root.resolve("etc/units"));
        watch.follow(Set.of("/etc", "/etc/units"));
        Files.writeString(root.resolve("etc/units/new"), "new");

        awaitChange("/etc/units/new");
    }

    @Test
    void theAgentsPassingFilesAreNoNews() throws IOException, InterruptedException {
        Files.writeString(root.resolve("etc/units/.unitsmith-0123.tmp"), "half written");
        Files.writeString(root.resolve("etc/units/unitsmith-check-0.service"), "a check");
        Files.writeString(root.resolve("etc/units/z"), "news");

        assertThat(awaitChange("/etc/units/z")).containsExactly("/etc/units/z");
    }

    @Test
    void whatIsFollowedNoMoreIsNoNews() throws IOException, InterruptedException {
        watch.follow(Set.of("/etc"));
        Files.writeString(root.resolve("etc/units/a"), "edited");
        Files.writeString(root.resolve("etc/b"), "new");

        assertThat(awaitChange("/etc/b")).containsExactly("/etc/b");
    }

    /** Until this has changed; returns all that has. */
    private Set<String> awaitChange(String path) throws InterruptedException {
        Set<String> seen = new HashSet<>();
        while (!seen.contains(path)) {
            assertThat(wakes.tryAcquire(10, TimeUnit.SECONDS))
                    .as("woken, with %s", seen)
                    .isTrue();
            seen.addAll(watch.changes().orElseThrow());
        }
        return seen;
    }
}
