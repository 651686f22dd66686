package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator knows about a RemoteMount, over all its hosts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RemoteMountStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The state in one word.") @Nullable
        WorkloadState state,

        @JsonPropertyDescription("The revision that is rolled out.") @Size(max = 253) @Nullable
        String revision,

        @JsonPropertyDescription("The worst problem, or what is being waited for.") @Size(max = 1024) @Nullable
        String message,

        @JsonPropertyDescription("Exact counts over all hosts.") @Nullable
        HostCounts hosts,

        @JsonPropertyDescription("At most ten problems, worst first.") @Size(max = 10) @Nullable
        List<HostProblem> problems,

        @JsonPropertyDescription("Ready, Degraded and Progressing.") @Size(max = 8) @Nullable
        List<Condition> conditions)
        implements WorkloadStatus {

    /** Exact counts. No host is in two of failed, unreachable and removing. */
    public record HostCounts(
            @JsonPropertyDescription("Hosts that the spec selects.")
            Integer desired,

            @JsonPropertyDescription("Hosts that have accepted the current revision or run it.")
            Integer staged,

            @JsonPropertyDescription("Hosts where the current revision is live.")
            Integer updated,

            @JsonPropertyDescription("Hosts that serve, at whatever revision is live there.")
            Integer ready,

            @JsonPropertyDescription("Of the ready hosts where the file system is mounted right now.")
            Integer mounted,

            @JsonPropertyDescription("Hosts that report a failure or refuse the current revision.")
            Integer failed,

            @JsonPropertyDescription("Hosts whose agent has not been heard for the grace time.")
            Integer unreachable,

            @JsonPropertyDescription("Hosts that the workload is being removed from.")
            Integer removing) {}
}
