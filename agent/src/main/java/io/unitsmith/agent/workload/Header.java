package io.unitsmith.agent.workload;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;

/** The comment that every generated file begins with, after its comment sign; credentials have none. */
public final class Header {

    /** What stands in all of them. */
    public static final String MARK = "Managed by Unitsmith. Changes are overwritten";

    private Header() {}

    /** For a file of one workload. */
    public static String of(WorkloadReference workload) {
        return "%s: change the %s instead.".formatted(MARK, title(workload));
    }

    /** For a file that workloads share. */
    public static String shared() {
        return MARK + ".";
    }

    /** A workload as people name it: {@code PhpFpmPool customer-a/shop}. */
    public static String title(WorkloadReference workload) {
        return "%s %s/%s".formatted(workload.kind(), workload.namespace(), workload.name());
    }
}
