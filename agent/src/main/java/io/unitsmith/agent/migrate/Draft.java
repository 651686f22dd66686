package io.unitsmith.agent.migrate;

import io.unitsmith.agent.migrate.Configuration.Line;
import io.unitsmith.agent.migrate.FpmDirective.Scope;
import io.unitsmith.agent.migrate.Note.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lines of one section by their directives, what they become, and what there is to say of them. */
final class Draft {

    private static final Set<String> ON = Set.of("1", "on", "yes", "true");
    private static final Set<String> OFF = Set.of("", "0", "off", "no", "false");

    private final String section;
    private final Map<FpmDirective, Line> single = new EnumMap<>(FpmDirective.class);
    private final List<Keyed> keyed = new ArrayList<>();
    private final List<Note> notes;
    private final SpecTree spec = new SpecTree();

    private record Keyed(FpmDirective directive, Line line) {}

    /** @param version the PHP version it is for, as far as that is known */
    Draft(Scope scope, String section, List<Line> lines, @Nullable String version, List<Note> notes) {
        this.section = section;
        this.notes = notes;
        for (Line line : lines) {
            @Nullable FpmDirective directive = FpmDirective.of(line.entry(), scope);
            if (directive == null) {
                error(
                        line,
                        "PHP-FPM does not start with it: it knows no such directive in %s"
                                .formatted(scope == Scope.GLOBAL ? "[global]" : "a pool"));
            } else if (version != null && !directive.isKnownTo(version)) {
                dropped(line, "PHP %s does not know it, and would not start".formatted(version));
            } else {
                add(directive, line);
            }
        }
    }

    private void add(FpmDirective directive, Line line) {
        if (line.entry().key() != null) {
            keyed.add(new Keyed(directive, line));
        } else if (isKnown(line)) {
            @Nullable Line earlier = single.put(directive, line);
            if (earlier != null) {
                dropped(earlier, "PHP-FPM takes the last line of several, which is %s".formatted(line.place()));
            }
        }
    }

    /** Whether its value is in the file, and not on the host; else that is told. */
    boolean isKnown(Line line) {
        @Nullable String unknown = line.entry().value().unknown();
        if (unknown != null) {
            dropped(
                    line,
                    (unknown.startsWith("$")
                                    ? "%s comes from php.ini or the environment of php-fpm: write the value itself"
                                    : "%s may be a constant of PHP, whose value is not known here: write the value itself")
                            .formatted(unknown));
        }
        return unknown == null;
    }

    SpecTree spec() {
        return spec;
    }

    /** Puts a value where the directive's field is. */
    void set(FpmDirective directive, Object value) {
        spec.set(Objects.requireNonNull(directive.field()), value);
    }

    /** The line that counts; null if there is none. */
    @Nullable
    Line line(FpmDirective directive) {
        return single.get(directive);
    }

    /** The lines of directives with a key, in their order. */
    List<Line> lines(FpmDirective... directives) {
        return keyed.stream()
                .filter(one -> List.of(directives).contains(one.directive()))
                .map(Keyed::line)
                .toList();
    }

    /** Its value; null without one, or where it is empty, which is the same to PHP-FPM. */
    @Nullable
    String text(FpmDirective directive) {
        @Nullable Line line = line(directive);
        String text = line == null ? "" : text(line);
        return text.isEmpty() ? null : text;
    }

    /** The line's value with the pool's name in the place of {@code $pool}. */
    String text(Line line) {
        String text = line.entry().value().text();
        while (text.contains("$pool") && !section.contains("$pool")) {
            text = text.replace("$pool", section);
        }
        return text;
    }

    /** As PHP-FPM reads numbers; empty without one, or if it is none, which is told. */
    OptionalInt integer(FpmDirective directive) {
        @Nullable Line line = line(directive);
        if (line == null) {
            return OptionalInt.empty();
        }
        String text = line.entry().value().text();
        if (!text.matches("-?[0-9]*")) {
            error(line, "PHP-FPM does not start with it: it is no number");
            return OptionalInt.empty();
        }
        return OptionalInt.of(IniExpression.number(text));
    }

    /** As PHP-FPM reads times: a number, and behind it nothing, s, m, h or d. */
    OptionalInt seconds(FpmDirective directive) {
        @Nullable Line line = line(directive);
        if (line == null) {
            return OptionalInt.empty();
        }
        String text = line.entry().value().text();
        char last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
        int unit = switch (last) {
            case 's', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> 1;
            case 'm' -> 60;
            case 'h' -> 3600;
            case 'd' -> 86400;
            default -> 0;
        };
        if (unit == 0) {
            error(line, "PHP-FPM does not start with it: it is no time such as 30, 30s, 5m, 1h or 1d");
            return OptionalInt.empty();
        }
        int seconds = unit * IniExpression.number(text);
        if (!text.matches("[0-9]+[smhd]?")) {
            changed(line, "PHP-FPM reads it as %d seconds".formatted(seconds));
        }
        return OptionalInt.of(seconds);
    }

    /** Null without one, or if it is none, which is told. */
    @Nullable
    Boolean flag(FpmDirective directive) {
        @Nullable Line line = line(directive);
        return line == null ? null : flag(line);
    }

    @Nullable
    Boolean flag(Line line) {
        String text = line.entry().value().text().toLowerCase(Locale.ROOT);
        if (!ON.contains(text) && !OFF.contains(text)) {
            error(line, "PHP-FPM does not start with it: it is neither yes nor no");
            return null;
        }
        return ON.contains(text);
    }

    /** Tells of a directive without a field, if there is one, what the table says. */
    void drop(FpmDirective directive) {
        @Nullable Line line = line(directive);
        if (line != null) {
            dropped(line, directive.remark());
        }
    }

    void error(Line line, String text) {
        add(Kind.ERROR, line, text);
    }

    void dropped(Line line, String text) {
        add(Kind.DROPPED, line, text);
    }

    void changed(Line line, String text) {
        add(Kind.CHANGED, line, text);
    }

    private void add(Kind kind, Line line, String text) {
        notes.add(new Note(line.place(), kind, line.entry().toString(), text));
    }
}
