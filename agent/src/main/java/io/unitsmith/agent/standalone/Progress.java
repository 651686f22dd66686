package io.unitsmith.agent.standalone;

import io.unitsmith.agent.report.HostStatus;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far the agent is with something that was asked of it. */
public sealed interface Progress {

    /** What is tried again by itself may come right yet. */
    Set<String> PASSING = Set.of(
            Reason.APPLY_FAILED.text(),
            Reason.MOUNT_BUSY.text(),
            Reason.MOUNT_HUNG.text(),
            Reason.CREDENTIALS_PENDING.text());

    /** It is as asked for. */
    record Done(State state, String message) implements Progress {}

    /** It is not, and will not be until somebody does something. */
    record Failed(String message) implements Progress {}

    /** It is not yet. */
    record UnderWay(String message) implements Progress {}

    /**
     * Reads it off the status.
     *
     * @param asked what is to be in force, or to be removed
     * @param status what the agent that runs now has written; null if it has not written anything yet
     */
    static Progress of(Assignment asked, @Nullable HostStatus status) {
        HostStatus.@Nullable Workload workload =
                status == null ? null : status.workloads().get(asked.name());
        if (status != null && status.trouble() != null) {
            return new UnderWay("the agent is in trouble: " + status.trouble());
        }
        if (workload == null || !Objects.equals(workload.generation(), asked.generation())) {
            return new UnderWay("the agent has not come to it yet");
        }
        @Nullable Live live = workload.status().live();
        @Nullable Condition ready = live == null ? null : Conditions.find(live.conditions(), Condition.READY);
        if (live == null || ready == null || !Objects.equals(ready.observedGeneration(), asked.generation())) {
            return new UnderWay("the agent is at it");
        }
        return of(asked, live, ready);
    }

    private static Progress of(Assignment asked, Live live, Condition ready) {
        if (live.state() == State.FAILED) {
            String message = ready.reason() + ": " + ready.message();
            return PASSING.contains(ready.reason()) ? new UnderWay(message) : new Failed(message);
        }
        @Nullable Content wanted = asked.live() == null ? null : asked.live().content();
        boolean reached =
                wanted == null ? live.state() == State.REMOVED : wanted.isSameAs(live.revision(), live.secret());
        return reached ? new Done(live.state(), ready.message()) : new UnderWay("the agent is at it");
    }
}
