package io.unitsmith.operator.rollout;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Staged;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings a revision to the hosts in two steps: it is staged, which changes nothing live, and made live once the host
 * accepts it. A refusal leaves what is live as it is.
 */
public final class RolloutPlanner {

    private RolloutPlanner() {}

    /** What a host is to be asked for from now on. */
    public record Write(String host, HostAssignmentSpec spec) {}

    /**
     * What has to be written; nothing where all is as it should be, or where the next step is the agent's.
     *
     * @param target what every selected host is to have; null while it is not known: then nothing new is assigned
     */
    public static List<Write> plan(WorkloadReference workload, @Nullable Content target, List<HostSituation> hosts) {
        List<Write> writes = new ArrayList<>();
        for (HostSituation host : hosts) {
            if (host.unread().isEmpty()) {
                wanted(workload, target, host)
                        .filter(spec -> !spec.equals(host.assignment()))
                        .ifPresent(spec -> writes.add(new Write(host.host(), spec)));
            }
        }
        return List.copyOf(writes);
    }

    private static Optional<HostAssignmentSpec> wanted(
            WorkloadReference workload, @Nullable Content target, HostSituation host) {
        @Nullable HostAssignmentSpec assignment = host.assignment();
        if (host.isRemoving()) {
            // A successor waits until the host has confirmed; the assignment is deleted then.
            return Optional.empty();
        }
        if (!host.selected()) {
            return Optional.ofNullable(assignment)
                    .map(present -> new HostAssignmentSpec(
                            present.workload(), present.live(), null, present.userLimits(), true));
        }
        if (target == null || host.refusal() != null || host.presence() instanceof Presence.NotFound) {
            return Optional.ofNullable(assignment).map(present -> limited(present, host));
        }
        @Nullable Content live = assignment == null ? null : assignment.live();
        boolean activate = target.equals(live) || isAccepted(target, host);
        return Optional.of(new HostAssignmentSpec(
                workload, activate ? target : live, activate ? null : target, host.userLimits(), false));
    }

    /** What is frozen is bounded all the same: limits of users are the admin's, and of no revision. */
    private static HostAssignmentSpec limited(HostAssignmentSpec present, HostSituation host) {
        return new HostAssignmentSpec(
                present.workload(), present.live(), present.staged(), host.userLimits(), present.remove());
    }

    private static boolean isAccepted(Content target, HostSituation host) {
        @Nullable Staged staged = host.report() == null ? null : host.report().staged();
        return staged != null
                && host.assignment() != null
                && target.equals(host.assignment().staged())
                && staged.state() == Verdict.ACCEPTED
                && target.isSameAs(staged.revision(), staged.secret());
    }
}
