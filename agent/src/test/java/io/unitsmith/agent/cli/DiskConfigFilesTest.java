package io.unitsmith.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unitsmith.agent.migrate.ConfigFiles.Missing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskConfigFilesTest {

    @TempDir
    private Path root;

    private DiskConfigFiles files;

    @BeforeEach
    void setUp() throws IOException {
        files = new DiskConfigFiles(root);
        for (String file : List.of("p/b.conf", "p/a.conf", "p/c.ini", "p/.d.conf", "q/a.conf", "p/x[1].conf")) {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
        }
        Files.createDirectories(root.resolve("p/folder.conf"));
    }

    @Test
    void aPatternFindsFilesInTheirOrderAsTheShellDoes() {
        assertThat(files.glob("/p/*.conf")).containsExactly("/p/a.conf", "/p/b.conf", "/p/x[1].conf");
        assertThat(files.glob("/*/a.conf")).containsExactly("/p/a.conf", "/q/a.conf");
        assertThat(files.glob("/p/?.*")).containsExactly("/p/a.conf", "/p/b.conf", "/p/c.ini");
        assertThat(files.glob("/p/[!a]*.conf")).containsExactly("/p/b.conf", "/p/x[1].conf");
        assertThat(files.glob("/p/[a-b].conf")).containsExactly("/p/a.conf", "/p/b.conf");
        assertThat(files.glob("/p/x\\[1].conf")).containsExactly("/p/x[1].conf");
        assertThat(files.glob("/p/.*.conf")).containsExactly("/p/.d.conf");
        assertThat(files.glob("/p/a.conf")).containsExactly("/p/a.conf");
        assertThat(files.glob("/p/nothing.conf")).isEmpty();
        assertThat(files.glob("/nothing/*.conf")).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadSaysWhy() throws IOException, Missing {
        Files.write(root.resolve("latin"), new byte[] {'a', (byte) 0xe9});
        assertThat(files.read("/p/a.conf")).isEqualTo("p/a.conf");
        assertThatThrownBy(() -> files.read("/nothing")).hasMessage("is not there");
        assertThatThrownBy(() -> files.read("/latin")).hasMessage("is not UTF-8: convert it first");
        assertThatThrownBy(() -> files.read("/p")).hasMessageStartingWith("cannot be read: ");
    }
}
