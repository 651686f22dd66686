package io.unitsmith.agent.migrate;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of objects for sections, each but once. */
final class PoolNames {

    private static final int LONGEST = 190;

    private final Set<String> taken = new HashSet<>();

    /** The section's name as Kubernetes can have it (RFC 1123), with a number behind it if there is such a one. */
    String next(String section) {
        String base = Arrays.stream(section.toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9.]+", "-")
                        .split("\\."))
                .map(label -> label.replaceAll("^-+|-+$", ""))
                .filter(label -> !label.isEmpty())
                .collect(Collectors.joining("."));
        String name = base.isEmpty() ? "pool" : base.substring(0, Math.min(base.length(), LONGEST));
        String unique = name.replaceAll("[-.]+$", "");
        for (int number = 2; !taken.add(unique); number++) {
            unique = name + "-" + number;
        }
        return unique;
    }
}
