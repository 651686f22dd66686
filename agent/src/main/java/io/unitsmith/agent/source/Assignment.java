package io.unitsmith.agent.source;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HostAssignment, read part by part: what cannot be read is refused by itself.
 *
 * @param userLimits what all pools of a user may use together, by user
 */
public record Assignment(
        String name,
        @Nullable Long generation,
        WorkloadReference workload,
        boolean remove,
        @Nullable Part live,
        @Nullable Part staged,
        Map<String, UserLimits> userLimits) {

    /**
     * A revision.
     *
     * @param content where there is a fault, without a spec
     * @param fault why this version cannot read it in full
     */
    public record Part(Content content, @Nullable String fault) {}
}
