package io.unitsmith.operator.policy;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the entries of a TenantPolicy cover values. */
final class Patterns {

    private static final String PARENT = "..";

    private Patterns() {}

    /** Whether the value is the pattern, where {@code *} stands for any characters. */
    static boolean matches(String pattern, String value) {
        String regex =
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches();
    }

    /**
     * As {@link #matches}; but a source that climbs by {@code ..} is nowhere, so no pattern covers it: not between
     * backslashes, which mount.cifs(8) takes for slashes, not at the beginning of an sshfs path, and not as a URL has it.
     */
    static boolean matchesSource(String pattern, String source) {
        boolean climbs = Arrays.asList(source.replaceAll("(?i)%2e", ".").split("(?i)[/\\\\:]|%2f|%5c", -1))
                .contains(PARENT);
        return !climbs && matches(pattern, source);
    }

    /** Whether the path is the directory or below it, component by component. A path with {@code ..} is within nothing. */
    static boolean isWithin(String directory, String path) {
        List<String> parents = components(directory);
        List<String> parts = components(path);
        return path.startsWith("/")
                && !parts.contains(PARENT)
                && parents.size() <= parts.size()
                && parents.equals(parts.subList(0, parents.size()));
    }

    private static List<String> components(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
    }
}
