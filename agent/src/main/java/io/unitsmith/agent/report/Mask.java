package io.unitsmith.agent.report;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Takes known secrets out of texts. */
public final class Mask {

    /** Shorter values are parts of everyday words, and guessed as soon as read. */
    private static final int SHORTEST = 4;

    private final List<String> secrets;

    private Mask(List<String> secrets) {
        this.secrets = secrets;
    }

    /** A mask for the data of Secrets: whole values, and each of their lines. */
    public static Mask of(Collection<Map<String, byte[]>> data) {
        return new Mask(data.stream()
                .flatMap(secret -> secret.values().stream())
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .flatMap(value -> Stream.concat(Stream.of(value), value.lines()))
                .map(String::strip)
                .filter(value -> value.length() >= SHORTEST)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    public String apply(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }
}
