package io.unitsmith.operator.status;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.api.v1alpha1.WorkloadState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told about a workload of any kind; each kind picks what its status has room for. */
public record Summary(
        @Nullable Long generation,
        WorkloadState state,
        @Nullable String revision,
        String message,
        Counts counts,
        List<HostProblem> problems,
        List<Condition> conditions) {

    /**
     * Exact counts over all hosts.
     *
     * @param idle of the ready ones: pools whose master does not run
     * @param mounted of the ready ones: mounts that are mounted right now
     */
    public record Counts(
            int desired,
            int staged,
            int updated,
            int ready,
            int idle,
            int mounted,
            int failed,
            int unreachable,
            int removing) {}
}
