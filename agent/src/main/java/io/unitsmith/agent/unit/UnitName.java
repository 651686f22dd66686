package io.unitsmith.agent.unit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names of units that are derived from paths, as {@code systemd-escape --path} prints them, or from other texts. */
public final class UnitName {

    /** systemd's UNIT_NAME_MAX, without the terminating NUL (unit-name.h). */
    public static final int MAX_LENGTH = 255;

    private static final Pattern ESCAPED = Pattern.compile("\\\\x([0-9a-f]{2})|-");

    private UnitName() {}

    /**
     * The unit of this type for a path, such as {@code srv-my\x20share.mount} (systemd.unit(5), "String escaping").
     *
     * @param path absolute
     */
    public static String ofPath(String path, String type) {
        String escaped = Arrays.stream(path.split("/", -1))
                .filter(component -> !component.isEmpty() && !component.equals("."))
                .map(UnitName::escape)
                .collect(Collectors.joining("-"));
        return (escaped.isEmpty() ? "-" : escapeLeadingDot(escaped)) + "." + type;
    }

    /** A text as a part of a name: what {@code systemd-escape} prints, for one without a slash and a dot at its beginning. */
    public static String part(String text) {
        return escape(text);
    }

    /** The path that a name, without its type, was derived from; empty if it was derived from none. */
    public static Optional<String> path(String name) {
        String bytes = ESCAPED.matcher(name).replaceAll(UnitName::unescape);
        String path = bytes.equals("/")
                ? bytes
                : "/" + new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return ofPath(path, "mount").equals(name + ".mount") ? Optional.of(path) : Optional.empty();
    }

    /** The path that a unit was called after; empty if it was called after none. */
    public static Optional<String> pathOf(String unit) {
        int type = unit.lastIndexOf('.');
        return type < 0 ? Optional.empty() : path(unit.substring(0, type));
    }

    /** A character for a byte. */
    private static String unescape(MatchResult escaped) {
        @Nullable String hex = escaped.group(1);
        return Matcher.quoteReplacement(hex == null ? "/" : String.valueOf((char) Integer.parseInt(hex, 16)));
    }

    private static String escape(String component) {
        var escaped = new StringBuilder();
        for (byte b : component.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || ":_.".indexOf(b) >= 0;
            escaped.append(plain ? String.valueOf((char) b) : hex(b));
        }
        return escaped.toString();
    }

    /** Only the whole name's first character: {@code /a/.b} is {@code a-.b}. */
    private static String escapeLeadingDot(String escaped) {
        return escaped.startsWith(".") ? hex((byte) '.') + escaped.substring(1) : escaped;
    }

    private static String hex(byte b) {
        return "\\x%02x".formatted(b);
    }
}
