package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `make demo` builds before it starts, and when: with the Makefile itself, and something cheaper in Maven's place. */
class MakefileTest {

    @TempDir
    private Path clone = Path.of("");

    @BeforeEach
    void aCleanClone() throws IOException {
        Path repository = Path.of("").toAbsolutePath().getParent();
        for (String copied : List.of("Makefile", "testbed/common.sh")) {
            Files.createDirectories(clone.resolve(copied).getParent());
            Files.copy(repository.resolve(copied), clone.resolve(copied));
        }
        Files.writeString(clone.resolve("pom.xml"), "");
        for (String folder :
                List.of(".mvn", "crds", "agent/src", "agent/target", "operator", "e2e", "helm", "testbed/.run")) {
            Files.createDirectories(clone.resolve(folder));
        }
    }

    @Test
    void packagesAreBuiltInACleanCloneAndAgainOnlyForANewerSource() throws Exception {
        makePackages();
        assertThat(builds()).as("in a clean clone").isEqualTo(1);

        Files.writeString(clone.resolve("agent/target/made.jar"), "");
        age("agent/target/made.jar", 60);
        makePackages();
        assertThat(builds())
                .as("with nothing new but what the build itself made")
                .isEqualTo(1);

        Files.writeString(clone.resolve("agent/src/Agent.java"), "");
        age("agent/src/Agent.java", 60);
        makePackages();
        assertThat(builds()).as("with a new source").isEqualTo(2);
    }

    @Test
    void aBuildThatFailedIsDoneAgain() throws Exception {
        assertThat(make("false")).isNotZero();
        makePackages();
        assertThat(builds()).isEqualTo(1);
    }

    private void age(String file, int secondsFromNow) throws IOException {
        Files.setLastModifiedTime(
                clone.resolve(file), FileTime.from(Instant.now().plusSeconds(secondsFromNow)));
    }

    private void makePackages() throws Exception {
        assertThat(make("sh -c 'echo built >>builds'")).isZero();
    }

    private int make(String maven) throws Exception {
        return new ProcessBuilder("make", "packages", "MAVEN=" + maven)
                .directory(clone.toFile())
                .redirectErrorStream(true)
                .redirectOutput(clone.resolve("output").toFile())
                .start()
                .waitFor();
    }

    private int builds() throws IOException {
        Path builds = clone.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }
}
