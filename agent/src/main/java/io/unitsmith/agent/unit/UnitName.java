package io.unitsmith.agent.unit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Names of units that systemd derives from paths: what {@code systemd-escape --path} prints. */
public final class UnitName {

    /** systemd's UNIT_NAME_MAX, without the terminating NUL (unit-name.h). */
    public static final int MAX_LENGTH = 255;

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
