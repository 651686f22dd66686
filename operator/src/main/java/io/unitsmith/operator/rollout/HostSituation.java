package io.unitsmith.operator.rollout;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.UserLimits;
import io.unitsmith.operator.policy.NotPermitted;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one workload on one host.
 *
 * @param selected whether the workload is to be there
 * @param refusal why it may not be, if so
 * @param userLimits what all pools of a user may use together there, by user; those without a bound are not in it
 * @param assignment what the host was last asked for, if anything
 * @param report what its agent said of that, if anything
 * @param unread what this version cannot read of assignment and report; hands off if there is anything
 */
public record HostSituation(
        String host,
        boolean selected,
        Presence presence,
        @Nullable NotPermitted refusal,
        Map<String, UserLimits> userLimits,
        @Nullable HostAssignmentSpec assignment,
        @Nullable HostAssignmentStatus report,
        List<String> unread) {

    /** Whether the host was asked to take the workload away, and has not confirmed that. */
    public boolean isRemoving() {
        return assignment != null && Boolean.TRUE.equals(assignment.remove());
    }
}
