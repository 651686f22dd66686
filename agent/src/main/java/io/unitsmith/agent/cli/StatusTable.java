package io.unitsmith.agent.cli;

import io.unitsmith.agent.cli.HostReport.Unit;
import io.unitsmith.agent.cli.HostReport.Workload;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Staged;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report for people, who may have been woken for it: what is wrong has an exclamation mark. */
final class StatusTable {

    private static final int NEXT_LIMIT = 12;

    private final StringBuilder text = new StringBuilder();

    private StatusTable() {}

    static String of(HostReport report) {
        var table = new StatusTable();
        table.head(report);
        table.workloads(report.workloads());
        report.faults().forEach(fault -> table.text.append("! ").append(fault).append('\n'));
        report.unknown()
                .forEach(unknown -> table.text.append("! ").append(unknown).append('\n'));
        return table.text.toString();
    }

    private void head(HostReport report) {
        var agent = report.agent();
        if (agent.running() == null) {
            line("agent", "! unknown: systemd does not answer");
        } else if (agent.running()) {
            line("agent", "runs, version %s, since %s".formatted(or(agent.version()), or(agent.started())));
        } else {
            line(
                    "agent",
                    "! DOES NOT RUN: systemctl start %s. What is set up serves on; below is what the agent last said"
                            .formatted(agent.unit()));
        }
        var source = report.source();
        if (source != null) {
            line(
                    "source",
                    "%s %s: %s since %s".formatted(source.kind(), source.place(), source.standing(), source.since()));
        }
        if (report.credential() != null) {
            line("credential", report.credential());
        }
        if (report.trouble() != null) {
            line("trouble", "! " + report.trouble());
        }
        List<String> next = report.next();
        line("next", next.isEmpty() ? "nothing: the host is as it is asked to be" : next.getFirst());
        next.stream().skip(1).limit(NEXT_LIMIT - 1).forEach(step -> line("", step));
        if (next.size() > NEXT_LIMIT) {
            line("", "and %d more: --output yaml has them all".formatted(next.size() - NEXT_LIMIT));
        }
    }

    private void line(String name, String value) {
        text.append("%-11s %s%n".formatted(name, value));
    }

    private void workloads(List<Workload> workloads) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KIND", "WORKLOAD", "STATE", "REVISION", "SINCE", "LAST CHANGE"));
        workloads.forEach(workload -> rows.add(row(workload)));
        text.append('\n');
        for (int i = 0; i < rows.size(); i++) {
            text.append(columns(rows, rows.get(i)));
            if (i > 0) {
                details(workloads.get(i - 1));
            }
        }
        if (workloads.isEmpty()) {
            text.append("(none)\n");
        }
    }

    private static List<String> row(Workload workload) {
        @Nullable Live live = live(workload);
        var change = workload.change();
        return List.of(
                workload.kind(),
                workload.namespace() + "/" + workload.name(),
                workload.orphaned()
                        ? "Orphaned"
                        : live == null ? "Pending" : live.state().text(),
                or(workload.revision()),
                live == null ? "-" : live.since(),
                change == null ? "-" : change.at() + " " + change.what());
    }

    private static String columns(List<List<String>> rows, List<String> row) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size() - 1; i++) {
            int column = i;
            int width = rows.stream()
                    .mapToInt(one -> one.get(column).length())
                    .max()
                    .orElse(0);
            line.append(("%-" + (width + 3) + "s").formatted(row.get(i)));
        }
        return line.append(row.getLast()).append('\n').toString();
    }

    private void details(Workload workload) {
        if (!workload.units().isEmpty()) {
            detail(workload.units().stream().map(StatusTable::unit).collect(Collectors.joining(", ")));
        }
        if (workload.underWay()) {
            detail("it is being changed");
        }
        if (workload.orphaned()) {
            detail("! nobody asks for it any more; it stays in force until it is deleted");
        }
        @Nullable Live live = live(workload);
        if (live != null && live.state() == State.REMOVED) {
            detail("deleted; it stays away, whatever manifests say, until it is applied again");
            return;
        }
        @Nullable Condition ready = live == null ? null : Conditions.find(live.conditions(), Condition.READY);
        if (ready != null && !ready.holds()) {
            detail("! " + ready.reason() + ": " + ready.message());
        }
        @Nullable HostAssignmentStatus status = workload.status();
        @Nullable Staged staged = status == null ? null : status.staged();
        if (staged != null) {
            for (Problem problem : Objects.requireNonNullElse(staged.problems(), List.<Problem>of())) {
                detail("! %s is not accepted: %s: %s".formatted(staged.revision(), problem.reason(), problem.text()));
            }
        }
    }

    private void detail(String what) {
        text.append("    ").append(what).append('\n');
    }

    private static String unit(Unit unit) {
        return unit.name() + " " + (unit.state() == null ? "?" : unit.state());
    }

    private static @Nullable Live live(Workload workload) {
        @Nullable HostAssignmentStatus status = workload.status();
        return status == null ? null : status.live();
    }

    private static String or(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
