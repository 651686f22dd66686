package io.unitsmith.e2e.hostile;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Text that means something else to systemd, to PHP-FPM, to a shell or to a file system. */
final class HostileText {

    /** What a unit file and a configuration can hold, with care. */
    private static final List<String> AWKWARD = List.of(
            "%",
            "%%",
            "%i",
            "%n",
            "%h",
            "%u",
            "%s",
            "%d",
            "%m",
            "%%%",
            "% d",
            "$",
            "$$",
            "$x",
            "${HOME}",
            "${x",
            "$(id)",
            "$PATH",
            "`id`",
            "'",
            "''",
            "\"",
            "\"\"",
            "it's \"both\"",
            "\\",
            "\\\\",
            "\\n",
            "\\x41",
            "\\040",
            "\\u00e9",
            "\\'",
            "\\\"",
            "\\$",
            "\\ ",
            " ",
            "  ",
            "a b",
            "=",
            "==",
            "a=b",
            ";",
            "; x",
            "#",
            "#x",
            "[x]",
            "[Service]",
            "ExecStart=/bin/sh",
            "&",
            "|",
            "^",
            "~",
            "!",
            "a&b",
            "a|b",
            "a^b",
            "~a",
            "!a",
            "(x)",
            "{}",
            "{x}",
            "*",
            "?",
            "<x>",
            ",",
            ",,",
            "a,b",
            ":",
            "a:b",
            "::",
            "@",
            "+",
            "-",
            "--",
            "-o",
            "--help",
            "-1",
            "on",
            "off",
            "yes",
            "no",
            "none",
            "null",
            "true",
            "false",
            "0",
            "0x1f",
            "1e5",
            "08",
            "PHP_OS",
            "E_ALL",
            "PHP_VERSION",
            "é",
            "ü",
            "€",
            "😀",
            "日本",
            "e\u0301",
            "\u00a0",
            "\u200b",
            "\u202e",
            "\ufeff",
            ".",
            "a.b",
            "_",
            "ro",
            "suid",
            "nosuid",
            "x-systemd.automount",
            "user=root",
            "/",
            "//",
            "/./",
            "/../",
            "..",
            "/..",
            "../",
            ".hidden",
            "/etc/passwd",
            "file.php");

    /** What no line can hold, and what replaces itself. */
    private static final List<String> IMPOSSIBLE = List.of(
            "\n",
            "\r",
            "\r\n",
            "\t",
            "\0",
            "\u0001",
            "\u001b[31m",
            "\u007f",
            "\u0085",
            "\u2028",
            "\ud800",
            "\udc00",
            "$pool",
            "x$pool",
            "\n[Service]\nExecStart=/bin/sh\n",
            "\nphp_admin_value[x] = y\n",
            "\\\n",
            "\\",
            " ",
            "\u000b");

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789ABCXYZ";
    private static final int LONG = 4096;

    private final RandomGenerator random;

    /** The same texts every time for the same seed and index. */
    HostileText(long seed, int index) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 1_000_003 + index);
    }

    RandomGenerator random() {
        return random;
    }

    boolean oneIn(int chance) {
        return random.nextInt(chance) == 0;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String plain() {
        var text = new StringBuilder();
        for (int length = 1 + random.nextInt(8); length > 0; length--) {
            text.append(PLAIN.charAt(random.nextInt(PLAIN.length())));
        }
        return text.toString();
    }

    /** Mostly such as can be written; sometimes such as cannot; now and then very long. */
    String text() {
        var text = new StringBuilder();
        for (int parts = 1 + random.nextInt(6); parts > 0; parts--) {
            text.append(random.nextInt(3) == 0 ? plain() : oneOf(AWKWARD));
        }
        if (oneIn(8)) {
            text.insert(random.nextInt(text.length() + 1), oneOf(IMPOSSIBLE));
        }
        if (oneIn(40)) {
            while (text.length() < LONG) {
                text.append(oneOf(AWKWARD));
            }
        }
        return text.toString();
    }

    /** One in so many times a text, otherwise what is usual there. */
    String orUsually(int chance, String usual) {
        return oneIn(chance) ? text() : usual;
    }
}
