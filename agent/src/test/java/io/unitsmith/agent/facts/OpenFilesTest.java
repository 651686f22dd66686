package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.OpenFiles.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {

    private final OpenFiles openFiles = new OpenFiles(Path.of("/proc"));

    @TempDir
    private Path folder;

    @Test
    void whoHasAFileOpenOrIsThereIsNamed() throws IOException, InterruptedException {
        Path inside = Files.createDirectory(folder.resolve("mount"));
        Path beside = Files.createDirectory(folder.resolve("mount-2"));
        long uid = ((Number) Files.getAttribute(folder, "unix:uid")).longValue();
        Process there =
                new ProcessBuilder("sleep", "60").directory(inside.toFile()).start();
        Process elsewhere =
                new ProcessBuilder("sleep", "60").directory(beside.toFile()).start();
        try (var open = Files.newOutputStream(inside.resolve("file"))) {
            assertThat(openFiles.below(inside.toRealPath().toString()))
                    .as("besides this process")
                    .filteredOn(
                            holder -> holder.pid() != ProcessHandle.current().pid())
                    .extracting(Holder::pid, Holder::uid)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple((int) there.pid(), uid));
            assertThat(openFiles.below(inside.toRealPath().toString()))
                    .anyMatch(holder -> holder.pid() == ProcessHandle.current().pid());
            open.flush();
        } finally {
            there.destroyForcibly().waitFor();
            elsewhere.destroyForcibly().waitFor();
        }
        assertThat(openFiles.below(inside.toRealPath().toString()))
                .as("afterwards")
                .isEmpty();
    }
}
