package io.unitsmith.agent.unit;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code systemd-analyze verify} printed. */
public final class VerifyReport {

    private static final Pattern AT_LINE = Pattern.compile("(\\d+): (.*)");

    private VerifyReport() {}

    /**
     * One complaint.
     *
     * @param name the unit, or the file of it such as {@code a.service.d/b.conf}
     * @param line the line of that file; 0 where none is named
     */
    public record Complaint(String name, int line, String text) {

        @Override
        public String toString() {
            return line == 0 ? "%s: %s".formatted(name, text) : "%s, line %d: %s".formatted(name, line, text);
        }
    }

    /**
     * The complaints about these, in the order of the output; what is said of other units of the host is left out.
     *
     * @param folder where the files are
     * @param names units, and files below the folder
     */
    public static List<Complaint> parse(String output, String folder, Collection<String> names) {
        Set<Complaint> complaints = new LinkedHashSet<>();
        for (String line : output.lines().toList()) {
            String said = line.startsWith(folder + "/") ? line.substring(folder.length() + 1) : line;
            names.forEach(name -> about(name, said).ifPresent(complaints::add));
        }
        return List.copyOf(complaints);
    }

    /** Both {@code file:8: text} and {@code unit: text}; names have colons too. */
    private static Optional<Complaint> about(String name, String said) {
        if (!said.startsWith(name + ":")) {
            return Optional.empty();
        }
        String rest = said.substring(name.length() + 1);
        Matcher atLine = AT_LINE.matcher(rest);
        return atLine.matches()
                ? Optional.of(new Complaint(name, Integer.parseInt(atLine.group(1)), atLine.group(2)))
                : Optional.of(new Complaint(name, 0, rest.strip()));
    }
}
