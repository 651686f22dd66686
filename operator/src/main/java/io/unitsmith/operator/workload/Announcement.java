package io.unitsmith.operator.workload;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.WorkloadState;
import io.unitsmith.api.v1alpha1.WorkloadStatus;
import io.unitsmith.operator.cluster.EventRecorder;
import io.unitsmith.operator.status.Summary;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Event that a change of state is worth. */
record Announcement(EventRecorder.Type type, Reason reason) {

    /** Nothing, if neither the state nor its reason has changed. */
    static Optional<Announcement> of(@Nullable WorkloadStatus previous, Summary summary) {
        @Nullable String reason = reason(summary.state(), summary.conditions());
        boolean same = previous != null
                && previous.state() == summary.state()
                && Objects.equals(reason(summary.state(), previous.conditions()), reason);
        return same
                ? Optional.empty()
                : Arrays.stream(Reason.values())
                        .filter(known -> known.text().equals(reason))
                        .findFirst()
                        .map(known -> new Announcement(
                                summary.state() == WorkloadState.DEGRADED
                                        ? EventRecorder.Type.WARNING
                                        : EventRecorder.Type.NORMAL,
                                known));
    }

    /** The reason of the condition that makes the state. */
    private static @Nullable String reason(WorkloadState state, @Nullable List<Condition> conditions) {
        @Nullable
        Condition leading = Conditions.find(
                conditions,
                switch (state) {
                    case DELETING, PROGRESSING -> Condition.PROGRESSING;
                    case DEGRADED -> Condition.DEGRADED;
                    case READY, PENDING -> Condition.READY;
                });
        return leading == null ? null : leading.reason();
    }
}
