package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The README or another page of the documentation, or one of its sections. */
record Readme(String text) {

    private static final Path FILE = Path.of("../README.md");
    static final String ONE_HOST = "One host, no cluster";

    static Readme whole() {
        return page(FILE);
    }

    static Readme page(Path file) {
        try {
            return new Readme(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is below this heading, up to the next one. */
    Readme section(String heading) {
        int start = text.indexOf("\n## " + heading + "\n");
        if (start < 0) {
            throw new IllegalArgumentException("README has no section " + heading);
        }
        int end = text.indexOf("\n## ", start + 1);
        return new Readme(text.substring(start, end < 0 ? text.length() : end));
    }

    Readme without(Readme section) {
        return new Readme(text.replace(section.text, ""));
    }

    /** The content of its blocks of this language. */
    List<String> blocks(String language) {
        return all(Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE));
    }

    /** Types the commands of a console block, and sees that they say what the block says, whatever the patch release of PHP. */
    static void assertSays(ContainerHost host, String console) {
        var said = new StringBuilder();
        console.lines()
                .filter(line -> line.startsWith("$ "))
                .forEach(line -> said.append(line)
                        .append('\n')
                        .append(host.sh("cd /root && " + line.substring(2))
                                .output()
                                .strip())
                        .append('\n'));
        assertThat(comparable(said.toString())).isEqualTo(comparable(console));
    }

    private static List<String> comparable(String text) {
        return text.lines()
                .map(line -> line.strip().replaceAll("PHP (\\d+\\.\\d+)\\.\\d+", "PHP $1"))
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** The first group of everything that matches. */
    List<String> all(Pattern pattern) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
