package io.unitsmith.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.PhpFpmPoolStatus;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.WorkloadState;
import io.unitsmith.operator.cluster.EventRecorder;
import io.unitsmith.operator.status.Summary;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementTest {

    @Test
    void theFirstStateIsAnnounced() {
        assertThat(Announcement.of(null, summary(WorkloadState.READY, Condition.READY, "Ready")))
                .contains(new Announcement(EventRecorder.Type.NORMAL, Reason.READY));
    }

    @Test
    void anotherStateOrReasonIsAnnouncedAndNothingElse() {
        Summary failed = summary(WorkloadState.DEGRADED, Condition.DEGRADED, "HostsFailed");
        Summary unreachable = summary(WorkloadState.DEGRADED, Condition.DEGRADED, "HostsUnreachable");
        Summary ready = summary(WorkloadState.READY, Condition.READY, "Ready");
        assertThat(Announcement.of(status(failed), failed)).isEmpty();
        assertThat(Announcement.of(status(failed), unreachable))
                .contains(new Announcement(EventRecorder.Type.WARNING, Reason.HOSTS_UNREACHABLE));
        assertThat(Announcement.of(status(failed), ready))
                .contains(new Announcement(EventRecorder.Type.NORMAL, Reason.READY));
    }

    @Test
    void aStateThatEndsIsAnnouncedEvenIfTheNewOneHeldAllAlong() {
        Summary frozen = new Summary(
                1L,
                WorkloadState.DEGRADED,
                "shop-1",
                "message",
                new Summary.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                List.of(condition(Condition.READY, "Ready"), condition(Condition.DEGRADED, "HostsFailed")));
        Summary ready = summary(WorkloadState.READY, Condition.READY, "Ready");
        assertThat(Announcement.of(status(frozen), ready)).isPresent();
    }

    private static Condition condition(String type, String reason) {
        return new Condition(type, "True", reason, "message", 1L, "2026-11-22T09:00:00Z");
    }

    private static Summary summary(WorkloadState state, String condition, String reason) {
        return new Summary(
                1L,
                state,
                "shop-1",
                "message",
                new Summary.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                List.of(condition(condition, reason)));
    }

    private static PhpFpmPoolStatus status(Summary summary) {
        return new PhpFpmPools().status("customer-a", "shop", summary);
    }
}
