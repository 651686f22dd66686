package io.unitsmith.agent.migrate;

import java.util.stream.Collectors;

/**
 * What a person has to know of one line of a configuration.
 *
 * @param line the line as far as it matters, such as {@code listen.mode = 0666}
 * @param text why, and what to do
 */
public record Note(Place place, Kind kind, String line, String text) {

    /** How much of a line was taken over. */
    public enum Kind {
        /** Nothing can be made of it until somebody has decided. */
        ERROR,
        DROPPED,
        CHANGED
    }

    /** In one line, whatever is in the configuration. */
    @Override
    public String toString() {
        String said = switch (kind) {
            case ERROR -> "error: ";
            case DROPPED -> "dropped: ";
            case CHANGED -> "changed: ";
        };
        return visible(place + ": " + (line.isEmpty() ? "" : line + ": ") + said + text);
    }

    /** What is no character to read, neither in a terminal nor in YAML, as its number. */
    static String visible(String text) {
        return text.codePoints()
                .mapToObj(c -> isVisible(c) ? Character.toString(c) : "\\u%04x".formatted(c))
                .collect(Collectors.joining());
    }

    private static boolean isVisible(int c) {
        return (c >= ' ' && c < 0x7f) || (c > 0x9f && Character.isDefined(c) && !isPart(c) && c != 0xfeff);
    }

    private static boolean isPart(int c) {
        return switch (Character.getType(c)) {
            case Character.SURROGATE,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE -> true;
            default -> false;
        };
    }
}
