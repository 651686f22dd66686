package io.unitsmith.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.source.InvalidManifests;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * One case is one folder: files of PHP-FPM below {@code in}, at their paths on a host, the arguments and where the values
 * come from in {@code case.yaml}, and what {@code unitsmith import fpm} prints. {@code -Dunitsmith.write=true} writes that
 * anew; read the diff.
 */
class ImportGoldenTest {

    private static final Path CASES = Path.of("src/test/resources/import");
    private static final List<String> PANELS =
            List.of("hestiacp/hestiacp", "froxlor/Froxlor", "cyberkathosting/ispconfig3", "voxpupuli/puppet-php");

    static List<Path> cases() throws IOException {
        return ImportRun.cases(CASES);
    }

    private static ImportRun run(Path folder) throws IOException {
        List<String> arguments = new ArrayList<>();
        ImportRun.description(folder).path("arguments").forEach(argument -> arguments.add(argument.asText()));
        var files = new DiskConfigFiles(folder.resolve("in"));
        return ImportRun.of(new ImportFpmCommand(files), arguments);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writesExactlyWhatIsExpected(Path folder) throws IOException {
        run(folder).assertExpected(folder);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aHostTakesWhatItWrites(Path folder) throws IOException, InvalidManifests {
        HostFacts facts = ImportRun.YAML.readValue(CASES.resolve("facts.yaml").toFile(), HostFacts.class);
        run(folder).assertTakenBy(facts);
    }

    @Test
    void thePublishedTemplatesOfFourPanelsAreAmongAtLeastFortyCases() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path folder : cases()) {
            sources.add(ImportRun.description(folder).path("source").asText());
        }
        assertThat(sources).hasSizeGreaterThanOrEqualTo(40);
        assertThat(PANELS)
                .allSatisfy(panel -> assertThat(sources)
                        .filteredOn(source -> source.matches(panel + " .* [0-9a-f]{40}\\b.*"))
                        .hasSizeGreaterThanOrEqualTo(5));
    }

    @Test
    void thePagesExampleIsWhatItWrites(@TempDir Path root) throws IOException {
        String page = Files.readString(Path.of("../docs/migrating.md"));
        String path = "/etc/php/8.4/fpm/pool.d/shop.conf";
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, ImportRun.block(page, "ini"));
        var stdout = new StringWriter();
        CommandLine line = new CommandLine(new ImportFpmCommand(new DiskConfigFiles(root)))
                .setOut(new PrintWriter(stdout, true))
                .setErr(new PrintWriter(new StringWriter()));
        assertThat(line.execute(path)).isZero();
        assertThat(ImportRun.block(page, "yaml")).isEqualTo(stdout.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--php-version=8", "--php-version=8.4.1", "--namespace=A", "--nosuch"})
    void wrongOptionsAreWrongUsage(String option) {
        var stderr = new StringWriter();
        CommandLine line = new CommandLine(new ImportFpmCommand()).setErr(new PrintWriter(stderr, true));
        assertThat(line.execute(option, "/nothing")).isEqualTo(2);
        assertThat(stderr.toString()).contains(option.substring(0, option.indexOf('=') < 0 ? 8 : option.indexOf('=')));
    }

    @Test
    void theCommandIsThere() {
        var stdout = new StringWriter();
        CommandLine line = Unitsmith.commandLine().setOut(new PrintWriter(stdout, true));
        assertThat(line.execute("help", "import")).isZero();
        assertThat(stdout.toString()).contains("fpm", "pool files of PHP-FPM");
    }
}
