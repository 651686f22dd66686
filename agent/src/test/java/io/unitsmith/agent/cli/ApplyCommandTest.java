package io.unitsmith.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.systemd.BusSystemd;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ApplyCommandTest {

    private static final String GOOD = """
            apiVersion: unitsmith.io/v1alpha1
            kind: PhpFpmPool
            metadata: {name: shop}
            spec: {user: alice, phpVersion: "8.4"}
            """;

    @TempDir
    private Path root;

    private final StringWriter err = new StringWriter();
    private Path file;

    @BeforeEach
    void setUp() throws IOException {
        file = root.resolve("in.yaml");
        Files.createDirectories(root.resolve("host"));
    }

    @Test
    void everyFaultIsToldAndNothingIsWritten() throws IOException {
        Files.writeString(file, GOOD + "---\n" + GOOD.replace("user:", "usr:").replace("shop", "blog"));

        assertThat(run("apply")).isEqualTo(2);
        assertThat(err.toString())
                .contains(file + ": PhpFpmPool default/blog: spec.user is missing")
                .contains(file + ": PhpFpmPool default/blog: spec.usr is not a field; spec has ");
        assertThat(written()).isEmpty();
    }

    @Test
    void aHostThatHasJoinedIsTheClusters() throws IOException {
        Files.createDirectories(root.resolve("host/var/lib/unitsmith/credential"));
        Files.writeString(root.resolve("host/var/lib/unitsmith/credential/kubeconfig"), "{}");
        Files.writeString(file, GOOD);

        for (String command : new String[] {"apply", "delete"}) {
            assertThat(run(command)).isEqualTo(1);
            assertThat(err.toString()).contains("this host has joined a cluster", "kubectl " + command);
        }
        assertThat(root.resolve("host/etc")).doesNotExist();
    }

    @Test
    void aTimeThatIsNoneIsWrongUsage() throws IOException {
        Files.writeString(file, GOOD);

        assertThat(run("apply", "--timeout", "500ms")).isEqualTo(2);
        assertThat(err.toString()).contains("500ms");
    }

    private int run(String command, String... more) {
        var machine = new Machine(
                new AtomicFiles(root.resolve("host"), Checkpoint.NONE),
                new BusSystemd("unix:path=/nowhere"),
                Clock.systemUTC());
        CommandLine line = Unitsmith.handling(
                new CommandLine(command.equals("apply") ? new ApplyCommand(machine) : new DeleteCommand(machine)));
        line.setErr(new PrintWriter(err, true));
        return line.execute(
                Stream.concat(Stream.of("-f", file.toString()), Stream.of(more)).toArray(String[]::new));
    }

    private List<Path> written() throws IOException {
        try (Stream<Path> paths = Files.list(root.resolve("host"))) {
            return paths.toList();
        }
    }
}
