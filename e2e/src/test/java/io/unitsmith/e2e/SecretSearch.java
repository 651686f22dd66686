package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.Host;
import java.util.List;

/**
 * Looks for secrets on a host.
 *
 * @param secrets no line breaks
 */
record SecretSearch(Host host, List<String> secrets) {

    /** What of the producer's output has one of the patterns of the standard input in it. */
    static String in(String producer) {
        return "exec 3<&0; { %s; } </dev/null | grep -aF -f /dev/fd/3".formatted(producer);
    }

    /**
     * @param control a text that is there, which the same search has to find
     * @param search gets patterns on its standard input, and prints the lines that have one of them
     */
    void assertNowhere(String where, String control, String search) {
        List<String> found = find(String.join("\n", secrets) + "\n" + control, search)
                .lines()
                .toList();
        assertThat(found).as("control: a search in %s", where).anyMatch(line -> line.contains(control));
        assertThat(found.stream().filter(line -> secrets.stream().anyMatch(line::contains)))
                .as("secrets in %s of the host", where)
                .isEmpty();
    }

    /** @param search as above, but prints what it likes */
    String findSecrets(String search) {
        return find(String.join("\n", secrets), search);
    }

    private String find(String patterns, String search) {
        return host.execWithInput(patterns, "sh", "-c", search).stdout();
    }
}
