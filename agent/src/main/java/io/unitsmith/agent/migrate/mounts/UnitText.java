package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.migrate.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The assignments of a unit file (systemd.syntax(7)), and which of them somebody asked for. */
final class UnitText {

    private final List<Assignment> assignments = new ArrayList<>();
    private final Set<String> asked = new HashSet<>();

    private UnitText() {}

    /**
     * One assignment.
     *
     * @param key such as {@code Mount.What}
     * @param value as it stands there
     */
    record Assignment(Place place, String key, String value) {

        String name() {
            return key.substring(key.indexOf('.') + 1);
        }

        String line() {
            return name() + "=" + value;
        }
    }

    static UnitText parse(String file, String text) {
        var unit = new UnitText();
        String section = "";
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int first = i + 1;
            String line = lines[i].strip();
            while (line.endsWith("\\") && !isComment(line) && i + 1 < lines.length) {
                i++;
                String next = lines[i].strip();
                line = isComment(next) ? line : line.substring(0, line.length() - 1) + " " + next;
            }
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (!isComment(line) && equals > 0) {
                unit.assignments.add(new Assignment(
                        new Place(file, first),
                        section + "." + line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip()));
            }
        }
        return unit;
    }

    private static boolean isComment(String line) {
        return line.startsWith("#") || line.startsWith(";");
    }

    /** The last one counts. */
    @Nullable
    Assignment last(String key) {
        asked.add(key);
        return assignments.stream()
                .filter(one -> one.key().equals(key))
                .reduce((a, b) -> b)
                .orElse(null);
    }

    /** The value, with a percent sign for two; empty without one. */
    String value(String key) {
        @Nullable Assignment last = last(key);
        return last == null ? "" : last.value().replace("%%", "%");
    }

    /** Of what somebody asked for, that which systemd completes when it loads the unit (systemd.unit(5), "Specifiers"). */
    List<Assignment> withSpecifiers() {
        return assignments.stream()
                .filter(one -> asked.contains(one.key())
                        && one.value().replace("%%", "").contains("%"))
                .toList();
    }

    /** What nobody has asked for. */
    List<Assignment> rest() {
        return assignments.stream().filter(one -> !asked.contains(one.key())).toList();
    }
}
