package io.unitsmith.agent.workload;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comment that every generated file begins with, after its comment sign; credentials have none. */
public final class Header {

    /** What stands in all of them. */
    public static final String MARK = "Managed by Unitsmith. Changes are overwritten";

    /** Names as Kubernetes has them (RFC 1123). */
    private static final Pattern OWNED = Pattern.compile(
            "[#;] " + Pattern.quote(MARK) + ": change the ([A-Za-z]+) ([a-z0-9-]+)/([a-z0-9.-]+) instead\\.");

    private Header() {}

    /** For a file of one workload. */
    public static String of(WorkloadReference workload) {
        return "%s: change the %s instead.".formatted(MARK, title(workload));
    }

    /** For a file that workloads share. */
    public static String shared() {
        return MARK + ".";
    }

    /** The workload that a file's first line names, without its uid; empty if it names none. */
    public static Optional<WorkloadReference> owner(String firstLine) {
        Matcher line = OWNED.matcher(firstLine);
        return line.matches()
                ? Optional.of(new WorkloadReference(line.group(1), line.group(2), line.group(3), ""))
                : Optional.empty();
    }

    /** Whether a file's first line says that workloads share it. */
    public static boolean isShared(String firstLine) {
        return firstLine.equals("# " + shared());
    }

    /** A workload as people name it: {@code PhpFpmPool customer-a/shop}. */
    public static String title(WorkloadReference workload) {
        return "%s %s/%s".formatted(workload.kind(), workload.namespace(), workload.name());
    }
}
