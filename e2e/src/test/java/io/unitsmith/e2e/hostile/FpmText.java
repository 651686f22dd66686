package io.unitsmith.e2e.hostile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads configurations of PHP-FPM as strictly as can be. */
final class FpmText {

    private static final Pattern LINE =
            Pattern.compile("([a-z_.]+(?:\\['[A-Za-z0-9_.]+']|\\[])?) = (.*)", Pattern.DOTALL);
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_.]+|[0-9A-Z_ &|^~!()]+");
    private static final Pattern SINGLE = Pattern.compile("'([^']*)'", Pattern.DOTALL);

    private FpmText() {}

    /** {@code section.key} to the value as PHP-FPM reads it. */
    static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        String section = "";
        for (String line : text.split("\n", -1)) {
            demand(line.chars().allMatch(c -> c >= ' ' || c == '\t'), "a control character", line);
            Matcher setting = LINE.matcher(line);
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.isEmpty() && !line.startsWith(";")) {
                demand(setting.matches(), "neither a section nor a setting", line);
                String key = section + "." + setting.group(1);
                demand(values.put(key, value(setting.group(2))) == null, "a key that is there twice", line);
            }
        }
        return values;
    }

    private static String value(String written) {
        Matcher single = SINGLE.matcher(written);
        if (single.matches()) {
            return single.group(1);
        } else if (written.length() > 1 && written.startsWith("\"") && written.endsWith("\"")) {
            return unescaped(written.substring(1, written.length() - 1));
        }
        demand(BARE.matcher(written).matches(), "a value without quotes", written);
        return written;
    }

    private static String unescaped(String quoted) {
        var text = new StringBuilder();
        for (int i = 0; i < quoted.length(); i++) {
            if (quoted.charAt(i) == '\\') {
                i++;
                demand(i < quoted.length(), "an end that is escaped", quoted);
            } else {
                demand("\"$".indexOf(quoted.charAt(i)) < 0, "a quote or a variable in quotes", quoted);
            }
            text.append(quoted.charAt(i));
        }
        return text.toString();
    }

    private static void demand(boolean holds, String otherwise, String line) {
        if (!holds) {
            throw new AssertionError("the file has " + otherwise + ": " + line);
        }
    }
}
