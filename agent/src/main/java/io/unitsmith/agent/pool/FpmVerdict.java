package io.unitsmith.agent.pool;

import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what {@code php-fpm -t} printed into a problem with a field of the spec. */
record FpmVerdict(PhpFpmPoolSpec spec, FpmConfig config) {

    private static final int LIMIT = 400;
    private static final Pattern COMPLAINT =
            Pattern.compile("^(?:\\[[^]]*] )?\\[?(?:ERROR|ALERT)[]:] (.*)$", Pattern.MULTILINE);
    private static final Pattern AT_LINE = Pattern.compile("^\\[.*:(\\d{1,6})] (.*)$");

    Problem explain(String output) {
        Matcher complaint = COMPLAINT.matcher(output);
        String said = bounded(complaint.find() ? complaint.group(1).strip() : output.strip());
        if (spec.chdir() != null && said.contains("chdir path")) {
            return Problem.of(
                    Reason.DIRECTORY_NOT_FOUND,
                    "spec.chdir",
                    "\"%s\" does not exist on this host, or is not a directory: create it, or name one that exists"
                            .formatted(spec.chdir()));
        }
        Matcher atLine = AT_LINE.matcher(said);
        FpmConfig.@Nullable Line line =
                atLine.matches() ? config.line(Integer.parseInt(atLine.group(1))) : config.lineNamedIn(said);
        String message = line == null
                ? said
                : "%s, at \"%s\"".formatted(atLine.matches() ? atLine.group(2) : said, bounded(visible(line)));
        return Problem.of(
                Reason.CONFIG_REJECTED,
                line == null ? null : line.field(),
                said.isEmpty()
                        ? "php-fpm -t failed without a word; look at the host's journal"
                        : "php-fpm -t says: " + message);
    }

    /** The line without the value of a variable, which may be private. */
    private static String visible(FpmConfig.Line line) {
        return line.field() != null && line.field().startsWith("spec.env.")
                ? line.text().substring(0, line.text().indexOf(" = "))
                : line.text();
    }

    private static String bounded(String text) {
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT) + "…";
    }
}
