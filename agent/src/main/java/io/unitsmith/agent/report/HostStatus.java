package io.unitsmith.agent.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the agent last said of its host, for whoever looks when the agent, or the cluster, is gone.
 *
 * @param workloads by the name of their assignment
 * @param faults what is wrong with manifests, at most twenty
 * @param trouble why the last turn came to nothing; null if it did not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostStatus(
        Agent agent,
        Origin source,
        Map<String, Workload> workloads,
        List<String> faults,
        @Nullable String trouble) {

    /** How many faults fit in. */
    public static final int FAULT_LIMIT = 20;

    public HostStatus(
            Agent agent,
            Origin source,
            Map<String, Workload> workloads,
            List<String> faults,
            @Nullable String trouble) {
        this.agent = agent;
        this.source = source;
        this.workloads = new TreeMap<>(workloads);
        this.faults = faults.stream().limit(FAULT_LIMIT).toList();
        this.trouble = trouble;
    }

    /** A process of the agent. */
    public record Agent(String version, long pid, String started) {}

    /**
     * Where the desired state comes from.
     *
     * @param kind {@code cluster} or {@code manifests}
     * @param place the API server and the namespace, or the folder
     * @param standing how the agent stands with it
     * @param since since when it does
     */
    public record Origin(String kind, String place, String standing, String since) {}

    /** One workload. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Workload(
            WorkloadReference workload,
            @Nullable Long generation,
            HostAssignmentStatus status,
            @Nullable Change change) {}

    /** What last changed for a workload. */
    public record Change(String at, String what) {}
}
