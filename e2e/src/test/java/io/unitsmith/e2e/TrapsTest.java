package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/traps.md names a test for every trap, and each of them is there. */
class TrapsTest {

    private static final Pattern ROW = Pattern.compile("^\\| (T\\d+) \\|.*$", Pattern.MULTILINE);
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:E2E|IT|Test))\\.(\\w+)`");

    @Test
    void everyTrapHasATestThatExists() throws IOException {
        Map<String, String> rows = ROW.matcher(Files.readString(Path.of("../docs/traps.md")))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group()));
        assertThat(rows.keySet())
                .containsAll(IntStream.rangeClosed(1, 50)
                        .mapToObj(number -> "T" + number)
                        .toList());
        Map<String, String> sources = sources();
        assertThat(rows.values())
                .allSatisfy(row -> assertThat(NAMED.matcher(row).results())
                        .isNotEmpty()
                        .allSatisfy(named -> assertThat(sources.getOrDefault(named.group(1), ""))
                                .contains("void " + named.group(2) + "(")));
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of(".", "../agent")) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file ->
                                sources.put(file.getFileName().toString().replace(".java", ""), text(file)));
            }
        }
        return sources;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
