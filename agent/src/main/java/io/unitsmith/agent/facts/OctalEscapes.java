package io.unitsmith.agent.facts;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fields of fstab(5) and of mountinfo: a byte that would end the field stands there as a backslash and three octal digits. */
final class OctalEscapes {

    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-3][0-7]{2})");

    private OctalEscapes() {}

    static String decode(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        var bytes = new ByteArrayOutputStream();
        Matcher escape = ESCAPE.matcher(field);
        int from = 0;
        while (escape.find()) {
            bytes.writeBytes(field.substring(from, escape.start()).getBytes(StandardCharsets.UTF_8));
            bytes.write(Integer.parseInt(escape.group(1), 8));
            from = escape.end();
        }
        bytes.writeBytes(field.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
