package io.unitsmith.agent.cli;

import io.unitsmith.agent.preview.Preview;
import io.unitsmith.agent.preview.Preview.FileChange;
import io.unitsmith.agent.preview.Preview.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A preview for people: what is refused, the files as diffs, then the units. */
final class PlanText {

    private PlanText() {}

    static String of(Preview preview) {
        var text = new StringBuilder();
        for (Refusal refusal : preview.refused()) {
            text.append("! %s: %s: %s%s%n"
                    .formatted(
                            refusal.workload(),
                            refusal.reason(),
                            refusal.field() == null ? "" : refusal.field() + ": ",
                            refusal.message()));
        }
        for (FileChange file : preview.files()) {
            text.append(file(file)).append('\n');
            if (file.diff() != null) {
                text.append(file.diff().indent(4));
            }
        }
        preview.units().forEach(unit -> text.append("%s %s%n".formatted(unit.action(), unit.unit())));
        if (preview.changesNothing()) {
            text.append("nothing would change\n");
        }
        if (!preview.impact().isEmpty()) {
            text.append("\n").append("%-8s %s%n".formatted("IMPACT", "UNIT"));
            preview.impact()
                    .forEach(one -> text.append("%-8s %s: %s%n".formatted(one.impact(), one.unit(), one.notice())));
        }
        return text.append("\n(").append(Preview.UNCHECKED).append(")\n").toString();
    }

    private static String file(FileChange file) {
        List<String> words = new ArrayList<>(List.of(file.action().text(), file.path()));
        if (file.target() != null) {
            words.add("-> " + file.target());
        }
        if (file.mode() != null) {
            words.add(Objects.requireNonNull(file.mode()));
        }
        if (file.credential()) {
            words.add("(a credential: its content is not shown)");
        }
        return String.join(" ", words);
    }

    /** The same in short, for who looks what comes next. */
    static List<String> summary(Preview preview) {
        List<String> lines = new ArrayList<>();
        preview.files().forEach(file -> lines.add(file.action().text() + " " + file.path()));
        preview.units().forEach(unit -> lines.add(unit.action() + " " + unit.unit()));
        preview.refused()
                .forEach(refusal -> lines.add(
                        "! refuse %s: %s: %s".formatted(refusal.workload(), refusal.reason(), refusal.message())));
        return lines;
    }
}
