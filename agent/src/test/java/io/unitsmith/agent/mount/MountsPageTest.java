package io.unitsmith.agent.mount;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.agent.workload.Workload.Rendered;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference page and the code allow the same; {@code -Dunitsmith.write=true} writes the page's tables anew. */
class MountsPageTest {

    private static final Path PAGE = Path.of("../docs/reference/mounts.md");
    private static final Path FACTS = Path.of("src/test/resources/facts.yaml");
    private static final String OPTIONS_HEAD = "| option | what for |\n|---|---|\n";
    private static final Pattern TYPES =
            Pattern.compile("(?<=<!-- types: written by MountsPageTest -->\n).*?(?=<!-- end -->)", Pattern.DOTALL);
    private static final Map<String, String> WORDS = Map.of(
            Options.NUMBER, "N",
            Options.ID, "N",
            Options.PORT, "N",
            Options.MODE, "MODE",
            S3fs.URL, "http[s]://HOST[:N][/PATH]");

    @Test
    void itsTablesAreWhatIsAllowed() throws IOException {
        String page = Files.readString(PAGE);
        String expected = TYPES.matcher(page).replaceFirst(Matcher.quoteReplacement(types()));
        for (FileSystem type : all()) {
            expected = withOptions(expected, type);
        }
        if (Boolean.getBoolean("unitsmith.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(expected);
    }

    @Test
    void aHostTakesItsExamples() throws IOException, InvalidManifests {
        HostFacts facts = new YAMLMapper().readValue(FACTS.toFile(), HostFacts.class);
        List<String> blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).isNotEmpty();
        for (String block : blocks) {
            String here = block.replace("hostSelector: {matchLabels: {role: web}}", "hostNames: [here]");
            for (Manifest manifest : Manifests.read(Map.of("block", here))) {
                assertThat(Workloads.of(manifest.workload(), manifest.content(), manifest.secret())
                                .render(facts))
                        .as(block)
                        .isInstanceOf(Rendered.class);
            }
        }
    }

    private static List<FileSystem> all() {
        return Arrays.stream(RemoteMountSpec.Type.values()).map(FileSystem::of).toList();
    }

    private static String types() {
        return all().stream()
                .map(type -> "| %s | %s | %s | %s |\n"
                        .formatted(type.name(), type.sourceForm(), keys(type), type.debianPackage()))
                .collect(Collectors.joining(
                        "", "| type | source | keys of the Secret | package |\n|---|---|---|---|\n", ""));
    }

    private static String keys(FileSystem type) {
        String keys = Stream.concat(
                        type.type().requiredKeys().stream().map(key -> "`" + key + "`"),
                        type.type().optionalKeys().stream().map(key -> "`" + key + "` if there is one"))
                .collect(Collectors.joining(", "));
        if (keys.isEmpty()) {
            return "none: the server trusts the host";
        }
        return type.options().get(Cifs.GUEST) == null ? keys : keys + "; none with the option `guest`";
    }

    /** The page with the type's table at the end of its section. */
    private static String withOptions(String page, FileSystem type) {
        int start = page.indexOf("\n### " + type.name() + "\n");
        assertThat(start).as(type.name()).isPositive();
        int next = page.indexOf("\n### ", start + 1);
        int end = next < 0 ? page.length() : next;
        String section = page.substring(start, end);
        int table = section.indexOf("\n" + OPTIONS_HEAD);
        String prose = table < 0 ? section.stripTrailing() + "\n" : section.substring(0, table);
        return page.substring(0, start) + prose + "\n" + OPTIONS_HEAD + rows(type) + page.substring(end);
    }

    private static String rows(FileSystem type) {
        return type.options().all().values().stream()
                .map(option -> "| `%s` | %s |\n".formatted(form(option), option.why()))
                .collect(Collectors.joining());
    }

    private static String form(Options.Option option) {
        return option.value()
                .map(value -> option.name() + "="
                        + WORDS.getOrDefault(value.pattern(), value.pattern())
                                .replace("?:", "")
                                .replace("|", "\\|"))
                .orElse(option.name());
    }
}
