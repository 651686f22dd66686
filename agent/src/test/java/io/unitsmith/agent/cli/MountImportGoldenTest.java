package io.unitsmith.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.agent.workload.Workload.Rendered;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final HostFacts HOST =
            new HostFacts(257, Map.of(), Map.of(), Map.of(), Set.of("nfs4", "cifs", "sshfs"), Map.of());

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    private record Printed(String stdout, String stderr, int exitCode) {}

    private static Printed run(Path folder) throws IOException {
        JsonNode description = YAML.readTree(folder.resolve("case.yaml").toFile());
        List<String> arguments = new ArrayList<>();
        description.path("arguments").forEach(argument -> arguments.add(argument.asText()));
        var files = new DiskConfigFiles(folder.resolve("in"));
        Object command = arguments.removeFirst().equals("fstab")
                ? new ImportFstabCommand(files)
                : new ImportAutomountCommand(files);
        var stdout = new StringWriter();
        var stderr = new StringWriter();
        CommandLine line = Unitsmith.handling(new CommandLine(command))
                .setOut(new PrintWriter(stdout, true))
                .setErr(new PrintWriter(stderr, true));
        int exitCode = line.execute(arguments.toArray(String[]::new));
        return new Printed(stdout.toString(), stderr.toString(), exitCode);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writesExactlyWhatIsExpected(Path folder) throws IOException {
        Printed printed = run(folder);
        Path stdout = folder.resolve("expected.yaml");
        Path stderr = folder.resolve("expected.txt");
        if (Boolean.getBoolean("unitsmith.write")) {
            Files.writeString(stdout, printed.stdout());
            Files.writeString(stderr, printed.stderr());
        }
        assertThat(printed.stdout()).isEqualTo(Files.readString(stdout));
        assertThat(printed.stderr()).isEqualTo(Files.readString(stderr));
        assertThat(printed.exitCode()).isEqualTo(printed.stderr().contains(": error: ") ? 1 : 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aHostTakesWhatItWrites(Path folder) throws IOException, InvalidManifests {
        for (Manifest manifest : Manifests.read(Map.of("stdout", run(folder).stdout()))) {
            assertThat(Workloads.of(manifest.workload(), manifest.content(), manifest.secret())
                            .render(HOST))
                    .as(manifest.workload().name())
                    .isInstanceOf(Rendered.class);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aPasswordIsNowhereButInTheSecret(Path folder) throws IOException {
        Printed printed = run(folder);
        assertThat(printed.stderr()).doesNotContain("s3cret", "w%rd", "PRIVATE KEY");
        assertThat(printed.stdout().lines().filter(line -> line.startsWith("#")))
                .noneMatch(line -> line.contains("s3cret") || line.contains("w%rd"));
    }

    @Test
    void thePagesExampleIsWhatItWrites(@TempDir Path root) throws IOException {
        String page = Files.readString(Path.of("../docs/migrating-mounts.md"));
        Files.createDirectories(root.resolve("etc"));
        Files.createDirectories(root.resolve("root"));
        Files.writeString(root.resolve("etc/fstab"), block(page, "fstab"));
        Files.writeString(root.resolve("root/.smb"), block(page, "ini"));
        var stdout = new StringWriter();
        CommandLine line = new CommandLine(new ImportFstabCommand(new DiskConfigFiles(root)))
                .setOut(new PrintWriter(stdout, true))
                .setErr(new PrintWriter(new StringWriter()));
        assertThat(line.execute()).isZero();
        assertThat(block(page, "yaml")).isEqualTo(stdout.toString());
    }

    private static String block(String page, String language) {
        String opening = "```" + language + "\n";
        int start = page.indexOf(opening) + opening.length();
        return page.substring(start, page.indexOf("```", start));
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
