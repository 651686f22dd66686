package io.unitsmith.agent.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.report.HostStatus;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.Assignment.Part;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final WorkloadReference SHOP = new WorkloadReference("PhpFpmPool", "default", "shop", "");
    private static final Assignment ASKED = new Assignment(
            "shop", 2L, SHOP, false, new Part(new Content("r2", null, null, "s2"), null), null, Map.of());
    private static final Assignment REMOVAL = new Assignment("shop", 3L, SHOP, true, null, null, Map.of());

    @Test
    void itIsDoneOnceRevisionAndSecretAreInForce() {
        assertThat(Progress.of(ASKED, status(2, 2, "r2", "s2", State.IDLE, Reason.IDLE)))
                .isEqualTo(new Progress.Done(State.IDLE, "so it is"));
        assertThat(Progress.of(ASKED, status(2, 2, "r1", "s2", State.IDLE, Reason.IDLE)))
                .isInstanceOf(Progress.UnderWay.class);
        assertThat(Progress.of(ASKED, status(2, 2, "r2", "s1", State.IDLE, Reason.IDLE)))
                .isInstanceOf(Progress.UnderWay.class);
    }

    @Test
    void whatWasSaidOfAnEarlierGenerationDoesNotCount() {
        assertThat(Progress.of(ASKED, null)).isInstanceOf(Progress.UnderWay.class);
        assertThat(Progress.of(ASKED, status(1, 1, "r2", "s2", State.FAILED, Reason.USER_NOT_FOUND)))
                .isInstanceOf(Progress.UnderWay.class);
        assertThat(Progress.of(ASKED, status(2, 1, "r2", "s2", State.FAILED, Reason.USER_NOT_FOUND)))
                .isInstanceOf(Progress.UnderWay.class);
    }

    @Test
    void aRefusalIsFinalAndWhatIsTriedAgainIsNot() {
        assertThat(Progress.of(ASKED, status(2, 2, "r1", "s1", State.FAILED, Reason.USER_NOT_FOUND)))
                .isEqualTo(new Progress.Failed("UserNotFound: so it is"));
        assertThat(Progress.of(ASKED, status(2, 2, "r1", "s1", State.FAILED, Reason.MOUNT_BUSY)))
                .isEqualTo(new Progress.UnderWay("MountBusy: so it is"));
        assertThat(Progress.of(ASKED, status(2, 2, "r1", "s1", State.FAILED, Reason.MOUNT_HUNG)))
                .isEqualTo(new Progress.UnderWay("MountHung: so it is"));
        assertThat(Progress.of(ASKED, status(2, 2, "r1", "s1", State.FAILED, Reason.CREDENTIALS_PENDING)))
                .isEqualTo(new Progress.UnderWay("CredentialsPending: so it is"));
        assertThat(Progress.of(ASKED, status(2, 2, "r1", "s1", State.FAILED, Reason.CREDENTIALS_FAILED)))
                .isEqualTo(new Progress.Failed("CredentialsFailed: so it is"));
    }

    @Test
    void aRemovalIsDoneWhenNothingIsLeft() {
        assertThat(Progress.of(REMOVAL, status(3, 3, null, null, State.REMOVED, Reason.REMOVED)))
                .isInstanceOf(Progress.Done.class);
        assertThat(Progress.of(REMOVAL, status(3, 3, "r2", "s2", State.IDLE, Reason.IDLE)))
                .isInstanceOf(Progress.UnderWay.class);
    }

    private static HostStatus status(
            long generation, long observed, String revision, String secret, State state, Reason reason) {
        var ready = new Condition(Condition.READY, "True", reason.text(), "so it is", observed, "2026-01-01T00:00:00Z");
        var live = new Live(revision, secret, state, "2026-01-01T00:00:00Z", null, null, List.of(ready), null);
        var workload = new HostStatus.Workload(SHOP, generation, new HostAssignmentStatus(live, null), null);
        return new HostStatus(
                new HostStatus.Agent("1", 1, ""),
                new HostStatus.Origin("manifests", "", "", ""),
                Map.of("shop", workload),
                List.of(),
                null);
    }
}
