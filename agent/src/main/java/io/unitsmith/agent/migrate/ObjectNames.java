package io.unitsmith.agent.migrate;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of objects for what is called otherwise on a host, each but once. */
public final class ObjectNames {

    private static final int LONGEST = 190;

    private final String substitute;
    private final Set<String> taken = new HashSet<>();

    /** @param substitute for a text of which nothing can be in a name */
    public ObjectNames(String substitute) {
        this.substitute = substitute;
    }

    /** The text as Kubernetes can have it (RFC 1123), with a number behind it if there is such a one. */
    public String next(String text) {
        String base = Arrays.stream(text.toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9.]+", "-")
                        .split("\\."))
                .map(label -> label.replaceAll("^-+|-+$", ""))
                .filter(label -> !label.isEmpty())
                .collect(Collectors.joining("."));
        String name = base.isEmpty() ? substitute : base.substring(0, Math.min(base.length(), LONGEST));
        String unique = name.replaceAll("[-.]+$", "");
        for (int number = 2; !taken.add(unique); number++) {
            unique = name + "-" + number;
        }
        return unique;
    }
}
