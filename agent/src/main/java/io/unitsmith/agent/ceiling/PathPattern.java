package io.unitsmith.agent.ceiling;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.unitsmith.agent.unit.HostPath;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Paths that are to stay visible: {@code *} stands for any characters in one name, {@code /**} at the end for everything
 * below as well.
 *
 * @param text such as {@code /etc/**} or {@code /home/*}
 */
public record PathPattern(String text) {

    private static final String ALL_BELOW = "/**";

    /** @throws IllegalArgumentException if it is not an absolute path */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PathPattern {
        HostPath.fault(top(text)).ifPresent(fault -> {
            throw new IllegalArgumentException("\"" + text + "\" " + fault);
        });
    }

    static List<PathPattern> list(String... texts) {
        return Arrays.stream(texts).map(PathPattern::new).toList();
    }

    /** Whether something mounted at this path would hide what the pattern stands for: at it, above it or, with /**, below. */
    public boolean isHiddenBy(String mountPoint) {
        List<String> mounted = names(mountPoint);
        List<String> names = names(top(text));
        int common = Math.min(mounted.size(), names.size());
        for (int i = 0; i < common; i++) {
            if (!matches(names.get(i), mounted.get(i))) {
                return false;
            }
        }
        return mounted.size() <= names.size() || text.endsWith(ALL_BELOW);
    }

    @Override
    public String toString() {
        return text;
    }

    private static String top(String text) {
        return text.endsWith(ALL_BELOW) ? text.substring(0, text.length() - ALL_BELOW.length()) : text;
    }

    private static List<String> names(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static boolean matches(String pattern, String name) {
        String regex = Arrays.stream(pattern.split("\\*", -1))
                .map(Pattern::quote)
                .reduce((a, b) -> a + ".*" + b)
                .orElseThrow();
        return name.matches(regex);
    }
}
