package io.unitsmith.agent.workload;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.util.Optional;
import java.util.Set;

/** A kind of workload, as far as its work can be known again on a host without any spec. */
public interface Kind {

    /** As the API has it. */
    String name();

    /** Whether workloads of this kind share the file at this path. */
    boolean isShared(String path);

    /**
     * What a workload has left on the host; empty if that does not tell its units.
     *
     * @param paths files with the workload's header, links to unit files of ours, and credentials, which have no header
     */
    Optional<Traces> traces(WorkloadReference workload, Set<String> paths);

    /** Whether only a workload of this kind, whichever, can have made the link, credential or folder at this path. */
    boolean isOfAny(String path);

    /**
     * What a workload has left.
     *
     * @param trigger as {@link Rendering#trigger}
     * @param payload as {@link Rendering#payload}
     * @param claims what no other workload of the host can have
     * @param paths those of its own
     */
    record Traces(String trigger, String payload, Set<String> claims, Set<String> paths) {}
}
