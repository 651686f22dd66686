package io.unitsmith.e2e.hostile;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads unit files as strictly as can be: what Unitsmith writes has one way to be read. */
final class UnitText {

    private UnitText() {}

    /** {@code Section.Key} to the value as it stands there. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        String section = "";
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            demand(line.chars().allMatch(c -> c >= ' ' && c != 0x7f), "a control character", line);
            demand(!line.endsWith("\\"), "a line that goes on", line);
            demand(line.equals(line.strip()), "a space at an edge", line);
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                int equals = line.indexOf('=');
                demand(equals > 0 && !section.isEmpty(), "neither a section nor a key", line);
                String key = section + "." + line.substring(0, equals);
                demand(values.put(key, line.substring(equals + 1)) == null, "a key that is there twice", line);
            }
        }
        demand(text.endsWith("\n"), "an end in the middle of a line", text);
        return values;
    }

    /** A value without specifiers, as systemd reads it. */
    static String literal(String value) {
        demand(!value.replace("%%", "").contains("%"), "a specifier", value);
        return value.replace("%%", "%");
    }

    private static void demand(boolean holds, String otherwise, String line) {
        if (!holds) {
            throw new AssertionError("the file has " + otherwise + ": " + line);
        }
    }
}
