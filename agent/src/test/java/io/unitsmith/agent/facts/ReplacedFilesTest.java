package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With this machine's own kernel: nothing else says what it says of files. */
@Timeout(60)
class ReplacedFilesTest {

    private static final Path SLEEP = Path.of("/usr/bin/sleep");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatATenantRunsIsNotLookedAt() throws Exception {
        ReplacedFiles files = new ReplacedFiles(Path.of("/"));
        Path program = folder.toRealPath().resolve("a program");
        Files.copy(SLEEP, program);
        Process process = new ProcessBuilder(program.toString(), "60").start();
        try {
            int pid = Math.toIntExact(process.pid());
            Path next = folder.resolve("next");
            Files.copy(SLEEP, next);
            Files.move(next, program, StandardCopyOption.ATOMIC_MOVE);
            assertThat(Files.readString(Path.of("/proc/%d/maps".formatted(pid))))
                    .as("control: what the kernel says")
                    .contains(program + " (deleted)");
            assertThat(files.of(pid)).isEmpty();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aPackageManagerIsAtWorkForAsLongAsItHoldsItsLock() throws IOException {
        ReplacedFiles files = new ReplacedFiles(folder);
        Path proc = Files.createDirectory(folder.resolve("proc"));
        Files.createSymbolicLink(proc.resolve("locks"), Path.of("/proc/locks"));
        Path holder = proc.resolve(Long.toString(ProcessHandle.current().pid()));
        Path lock = folder.resolve("var/lib/dpkg/lock-frontend");
        Files.createDirectories(lock.getParent());
        assertThat(files.isUpgradeUnderWay()).as("without dpkg").isFalse();
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(files.isUpgradeUnderWay()).isFalse();
            try (var _ = channel.lock()) {
                assertThat(files.isUpgradeUnderWay())
                        .as("by somebody who is not root, who has /proc")
                        .isFalse();
                Files.createDirectory(holder);
                assertThat(files.isUpgradeUnderWay()).isTrue();
            }
            assertThat(files.isUpgradeUnderWay()).isFalse();
        }
    }
}
