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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * What an import prints.
 *
 * <p>One case is one folder: a host's files below {@code in}, at their paths, the arguments in {@code case.yaml}, and what
 * is printed. {@code -Dunitsmith.write=true} writes that anew; read the diff.
 */
record ImportRun(String stdout, String stderr, int exitCode) {

    static final ObjectMapper YAML = new YAMLMapper();

    static ImportRun of(Object command, List<String> arguments) {
        var stdout = new StringWriter();
        var stderr = new StringWriter();
        CommandLine line = Unitsmith.handling(new CommandLine(command))
                .setOut(new PrintWriter(stdout, true))
                .setErr(new PrintWriter(stderr, true));
        int exitCode = line.execute(arguments.toArray(String[]::new));
        return new ImportRun(stdout.toString(), stderr.toString(), exitCode);
    }

    static List<Path> cases(Path folder) throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    static JsonNode description(Path folder) throws IOException {
        return YAML.readTree(folder.resolve("case.yaml").toFile());
    }

    void assertExpected(Path folder) throws IOException {
        Path yaml = folder.resolve("expected.yaml");
        Path text = folder.resolve("expected.txt");
        if (Boolean.getBoolean("unitsmith.write")) {
            Files.writeString(yaml, stdout);
            Files.writeString(text, stderr);
        }
        assertThat(stdout).isEqualTo(Files.readString(yaml));
        assertThat(stderr).isEqualTo(Files.readString(text));
        assertThat(exitCode).isEqualTo(stderr.contains(": error: ") ? 1 : 0);
    }

    void assertTakenBy(HostFacts facts) throws InvalidManifests {
        for (Manifest manifest : Manifests.read(Map.of("stdout", stdout))) {
            assertThat(Workloads.of(manifest.workload(), manifest.content(), manifest.secret())
                            .render(facts))
                    .as(manifest.workload().name())
                    .isInstanceOf(Rendered.class);
        }
    }

    /** The first block of this language in a page. */
    static String block(String page, String language) {
        String opening = "```" + language + "\n";
        int start = page.indexOf(opening) + opening.length();
        return page.substring(start, page.indexOf("```", start));
    }
}
