package io.unitsmith.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known about every kind of workload, whatever it runs. */
public sealed interface WorkloadStatus permits PhpFpmPoolStatus, RemoteMountStatus {

    /** The state in one word. */
    @Nullable
    WorkloadState state();

    /** At most ten problems, worst first. */
    @Nullable
    List<HostProblem> problems();

    /** Ready, Degraded and Progressing. */
    @Nullable
    List<Condition> conditions();
}
