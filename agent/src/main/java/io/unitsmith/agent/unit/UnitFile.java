package io.unitsmith.agent.unit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Builds the text of a unit file: every value reaches systemd as it was given.
 *
 * <p>What systemd does to a value, and what is done about it (systemd.syntax(7); specifier.c, extract-word.c): the edges
 * are trimmed and a backslash at the end swallows the next line, so such values are refused; {@code %} starts a specifier
 * and is doubled; words of a list are unquoted, so {@link #words} quotes them. There are no comments after a value.
 */
public final class UnitFile {

    /** Where an admin's units and drop-ins are, and the agent's own (systemd.unit(5)). */
    public static final String FOLDER = "/etc/systemd/system";

    /** systemd ignores a longer path, and a longer What= (PATH_MAX, with the terminating NUL). */
    public static final int MOST_BYTES = 4095;

    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=,./-]+");

    private static final Pattern BIND_SYNTAX = Pattern.compile("[ \\\\:]");

    private final StringBuilder text;

    private UnitFile(String comment) {
        text = new StringBuilder("# ").append(writable(comment)).append('\n');
    }

    /** A file that starts with this comment. */
    public static UnitFile startingWith(String comment) {
        return new UnitFile(comment);
    }

    public UnitFile section(String name) {
        text.append("\n[").append(name).append("]\n");
        return this;
    }

    /**
     * Sets a value that systemd is to take literally.
     *
     * @throws IllegalArgumentException if there is a {@link #fault} in it
     */
    public UnitFile set(String key, String value) {
        return setWithSpecifiers(key, literal(value));
    }

    /** Sets a value in which systemd replaces specifiers, such as {@code %i}. */
    public UnitFile setWithSpecifiers(String key, String value) {
        text.append(key).append('=').append(writable(value)).append('\n');
        return this;
    }

    public String text() {
        return text.toString();
    }

    /** The value as it must stand in a unit file for systemd to take it literally. */
    public static String literal(String value) {
        return writable(value).replace("%", "%%");
    }

    /** Words of a list, such as that of Environment=, quoted where needed. */
    public static String words(String... words) {
        return Arrays.stream(words).map(UnitFile::word).collect(Collectors.joining(" "));
    }

    /**
     * Paths for BindPaths=, where they are their own destinations, or for ReadWritePaths=; left out if they are not there.
     * Without its backslash a colon would begin the destination (load-fragment.c).
     */
    public static String optionalPaths(Collection<String> paths) {
        return paths.stream()
                .map(path -> "-" + BIND_SYNTAX.matcher(path).replaceAll("\\\\$0"))
                .collect(Collectors.joining(" "));
    }

    /** A program and its arguments, for ExecStart=: in arguments, not in the program, {@code $} starts a variable. */
    public static String command(String... command) {
        return Stream.concat(
                        Stream.of(word(command[0])),
                        Arrays.stream(command)
                                .skip(1)
                                .map(argument -> word(argument).replace("$", "$$")))
                .collect(Collectors.joining(" "));
    }

    /** Why a value cannot stand in a unit file; empty if it can. */
    public static Optional<String> fault(String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return Optional.of("has a line break or another control character in it");
        }
        if (value.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            return Optional.of("has half of a character in it (a surrogate without the other)");
        }
        if (value.endsWith("\\")) {
            return Optional.of("ends with a backslash");
        }
        return value.equals(value.strip()) ? Optional.empty() : Optional.of("begins or ends with a space");
    }

    public static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Why a path cannot be one of {@link #optionalPaths}; empty if it can. */
    public static Optional<String> bindFault(String path) {
        if (path.indexOf('\'') >= 0 || path.indexOf('"') >= 0) {
            return Optional.of(
                    "has a quote in it, which systemd 255 and newer loses where it mounts a path into a sandbox: use another name");
        }
        return Arrays.asList(path.split("/", -1)).contains("..") ? Optional.of("has .. in it") : fault(path);
    }

    /** Why a value cannot be What= or Where= of a mount; empty if it can. */
    public static Optional<String> mountFault(String value) {
        return value.contains("$$") || value.contains("${")
                ? Optional.of(
                        "has $$ or ${ in it, in the place of which systemd puts something else when it mounts: use another name")
                : fault(value);
    }

    /** Why a path cannot be the program of {@link #command}; empty if it can. */
    public static Optional<String> programFault(String path) {
        return path.chars().anyMatch(c -> c == '\'' || c == '"' || c == '\\')
                ? Optional.of("has a quote or a backslash in it, which systemd refuses in programs")
                : fault(path);
    }

    private static String word(String word) {
        return PLAIN_WORD.matcher(word).matches()
                ? word
                : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String writable(String value) {
        fault(value).ifPresent(fault -> {
            throw new IllegalArgumentException("a value of a unit file " + fault);
        });
        return value;
    }
}
