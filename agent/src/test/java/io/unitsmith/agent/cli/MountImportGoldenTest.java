package io.unitsmith.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.HostFacts.Group;
import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.agent.source.InvalidManifests;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * One case is one folder: a host's files below {@code in}, the arguments of {@code unitsmith import} in {@code case.yaml},
 * and what it prints. {@code -Dunitsmith.write=true} writes that anew; read the diff.
 */
class MountImportGoldenTest {

    private static final Path CASES = Path.of("src/test/resources/import-mounts");
    private static final HostFacts HOST = new HostFacts(
            257,
            Map.of(),
            Map.of("alice", new User("alice", 1001, 1001, "alice", Set.of("alice"), "/home/alice")),
            Map.of("alice", new Group("alice", 1001), "www-data", new Group("www-data", 33)),
            Set.of("nfs", "nfs4", "cifs", "smb3", "sshfs", "davfs", "s3fs", "glusterfs", "ceph"),
            Map.of());

    static List<Path> cases() throws IOException {
        return ImportRun.cases(CASES);
    }

    private static ImportRun run(Path folder) throws IOException {
        List<String> arguments = new ArrayList<>();
        ImportRun.description(folder).path("arguments").forEach(argument -> arguments.add(argument.asText()));
        var files = new DiskConfigFiles(folder.resolve("in"));
        Object command = arguments.removeFirst().equals("fstab")
                ? new ImportFstabCommand(files)
                : new ImportAutomountCommand(files);
        return ImportRun.of(command, arguments);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writesExactlyWhatIsExpected(Path folder) throws IOException {
        run(folder).assertExpected(folder);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aHostTakesWhatItWrites(Path folder) throws IOException, InvalidManifests {
        run(folder).assertTakenBy(HOST);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aPasswordIsNowhereButInTheSecret(Path folder) throws IOException {
        ImportRun printed = run(folder);
        assertThat(printed.stderr()).doesNotContain("s3cret", "w%rd", "PRIVATE KEY", "c2VjcmV0");
        assertThat(printed.stdout().lines().filter(line -> line.startsWith("#")))
                .noneMatch(line -> line.contains("s3cret") || line.contains("w%rd"));
    }

    @Test
    void thePagesExampleIsWhatItWrites(@TempDir Path root) throws IOException {
        String page = Files.readString(Path.of("../docs/migrating-mounts.md"));
        Files.createDirectories(root.resolve("etc"));
        Files.createDirectories(root.resolve("root"));
        Files.writeString(root.resolve("etc/fstab"), ImportRun.block(page, "fstab"));
        Files.writeString(root.resolve("root/.smb"), ImportRun.block(page, "ini"));
        var stdout = new StringWriter();
        CommandLine line = new CommandLine(new ImportFstabCommand(new DiskConfigFiles(root)))
                .setOut(new PrintWriter(stdout, true))
                .setErr(new PrintWriter(new StringWriter()));
        assertThat(line.execute()).isZero();
        assertThat(ImportRun.block(page, "yaml")).isEqualTo(stdout.toString());
    }

    @Test
    void theCommandsAreThere() {
        var stdout = new StringWriter();
        CommandLine line = Unitsmith.commandLine().setOut(new PrintWriter(stdout, true));
        assertThat(line.execute("help", "import")).isZero();
        assertThat(stdout.toString()).contains("fstab", "automount", "RemoteMounts");
    }

    @Test
    void aNamespaceThatIsNoneIsWrongUsage() {
        var stderr = new StringWriter();
        CommandLine line = new CommandLine(new ImportFstabCommand()).setErr(new PrintWriter(stderr, true));
        assertThat(line.execute("--namespace=A")).isEqualTo(2);
        assertThat(stderr.toString()).contains("--namespace: \"A\" is not lower-case letters, digits and -");
    }
}
