package io.unitsmith.agent.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Rebuild;
import io.unitsmith.agent.plan.Remains;
import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.agent.workload.Workload.Refused;
import io.unitsmith.agent.workload.Workload.Rendered;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One case is one folder: a manifest as a user writes it, the host's facts where they matter, and the exact files that are
 * expected, or the problems. {@code -Dunitsmith.write=true} writes the expectations anew; read the diff.
 */
class GoldenTest {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    static List<Path> cases() throws IOException {
        List<Path> cases = new ArrayList<>();
        for (String room : List.of("pool", "mount")) {
            try (Stream<Path> folders = Files.list(RESOURCES.resolve(room))) {
                folders.sorted().map(RESOURCES::relativize).forEach(cases::add);
            }
        }
        return cases;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void rendersExactlyWhatIsExpected(Path name) throws IOException, InvalidManifests {
        Path folder = RESOURCES.resolve(name);
        Map<String, String> actual = new TreeMap<>();
        Workload workload = workload(folder.resolve("in.yaml"));
        switch (workload.render(facts(folder))) {
            case Rendered rendered -> describe(rendered.rendering(), actual);
            case Refused refused -> actual.put("problems.yaml", YAML.writeValueAsString(refused.problems()));
        }
        Path expected = folder.resolve("expected");
        if (Boolean.getBoolean("unitsmith.write")) {
            write(expected, actual);
        }
        assertThat(read(expected)).isEqualTo(actual);
    }

    /** But for its contents: those are compared with the disk anyway. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isKnownAgainByWhatItLeaves(Path name) throws IOException, InvalidManifests {
        Path folder = RESOURCES.resolve(name);
        Workload workload = workload(folder.resolve("in.yaml"));
        if (!(workload.render(facts(folder)) instanceof Rendered(Rendering rendering))) {
            return;
        }
        Map<String, Applied> assignments =
                Rebuild.of(remains(rendering), Workloads.KINDS).ledger().assignments();

        WorkloadReference reference = workload.reference();
        assertThat(assignments)
                .containsOnlyKeys(Names.assignment(reference.kind(), reference.namespace(), reference.name()));
        assertThat(assignments.values()).singleElement().satisfies(applied -> {
            assertThat(applied.trigger()).isEqualTo(rendering.trigger());
            assertThat(applied.payload()).isEqualTo(rendering.payload());
            assertThat(applied.claims()).containsExactlyInAnyOrderElementsOf(claims(workload, rendering));
            assertThat(applied.entries())
                    .map(made -> made.layer() + " " + made.path() + " " + made.effect())
                    .containsExactlyInAnyOrderElementsOf(rendering.entries().stream()
                            .map(entry -> entry.layer() + " " + entry.path() + " " + known(entry))
                            .toList());
        });
    }

    /** That a spec asks for a restart in the place of a reload (reload.strategy) is in the spec alone. */
    private static Effect known(Entry entry) {
        return entry.layer() == Layer.CONFIG && entry.path().endsWith(".conf") ? Effect.RELOAD_PAYLOAD : entry.effect();
    }

    private static Set<String> claims(Workload workload, Rendering rendering) {
        Set<String> claims = new TreeSet<>(List.of(rendering.trigger(), rendering.payload()));
        workload.claims().exclusive().forEach(claim -> claims.add(claim.value()));
        return claims;
    }

    private static Remains remains(Rendering rendering) {
        Map<String, String> headers = new TreeMap<>();
        Map<String, String> links = new TreeMap<>();
        Set<String> credentials = new TreeSet<>();
        for (Entry entry : rendering.entries()) {
            switch (entry) {
                case Link link -> links.put(link.path(), link.target());
                case File file when file.layer() == Layer.CREDENTIAL -> credentials.add(file.path());
                case File file ->
                    headers.put(file.path(), file.content().lines().findFirst().orElseThrow());
            }
        }
        return new Remains(headers, links, credentials, Set.of());
    }

    private static Workload workload(Path file) throws IOException, InvalidManifests {
        List<Manifest> manifests = Manifests.read(Map.of("in.yaml", Files.readString(file)));
        assertThat(manifests).hasSize(1);
        Manifest manifest = manifests.getFirst();
        return Workloads.of(manifest.workload(), manifest.content(), manifest.secret());
    }

    private static HostFacts facts(Path folder) throws IOException {
        Path own = folder.resolve("facts.yaml");
        Path file = Files.exists(own) ? own : RESOURCES.resolve("facts.yaml");
        return YAML.readValue(file.toFile(), HostFacts.class);
    }

    /** The files as they are, and all that is not their content in {@code rendering.yaml}. */
    private static void describe(Rendering rendering, Map<String, String> into) throws IOException {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("trigger", rendering.trigger());
        summary.put("payload", rendering.payload());
        summary.put(
                "entries", rendering.entries().stream().map(GoldenTest::line).toList());
        rendering.check().ifPresent(check -> summary.put("check", check(check, rendering)));
        into.put("rendering.yaml", YAML.writeValueAsString(summary));
        for (Entry entry : rendering.entries()) {
            if (entry instanceof File file) {
                into.put(file.path().substring(1), file.content());
            }
        }
        rendering.check().stream()
                .flatMap(check -> check.files().entrySet().stream())
                .filter(file -> !into.containsValue(file.getValue()))
                .forEach(file -> into.put("check/" + file.getKey(), file.getValue()));
    }

    private static String line(Entry entry) {
        String what = switch (entry) {
            case File file ->
                "%04o%s".formatted(file.mode(), file.readableBy() == null ? "" : " +" + file.readableBy());
            case Link link -> "-> " + link.target();
        };
        return "%s %s %s %s".formatted(entry.layer(), entry.path(), what, entry.effect());
    }

    /** Of copies that are the files themselves only the paths stand here; others are in {@code check}. */
    private static Map<String, Object> check(Check check, Rendering rendering) {
        Map<String, Object> files = new TreeMap<>();
        check.files()
                .forEach((name, content) -> files.put(
                        name,
                        rendering.entries().stream()
                                .filter(entry -> entry instanceof File file
                                        && file.content().equals(content))
                                .map(Entry::path)
                                .toList()));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("as", check.user() + ":" + check.group());
        summary.put("files", files);
        summary.put("command", check.command());
        summary.put("properties", check.properties());
        return summary;
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path file : old.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    private static Map<String, String> read(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }
}
