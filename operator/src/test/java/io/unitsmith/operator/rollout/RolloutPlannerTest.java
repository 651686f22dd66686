package io.unitsmith.operator.rollout;

import static io.unitsmith.operator.rollout.Situations.NEW;
import static io.unitsmith.operator.rollout.Situations.OLD;
import static io.unitsmith.operator.rollout.Situations.SHOP;
import static io.unitsmith.operator.rollout.Situations.host;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.UserLimits;
import io.unitsmith.operator.rollout.RolloutPlanner.Write;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RolloutPlannerTest {

    private static final Map<String, UserLimits> TIGHT = Map.of("alice", new UserLimits("1Gi", null, null));

    @Test
    void aNewHostIsStagedFirst() {
        assertThat(plan(NEW, host("web-1"))).containsExactly(write("web-1", null, NEW, false));
    }

    @Test
    void aHostThatAcceptsGetsItLive() {
        assertThat(plan(NEW, host("web-1").asked(OLD, NEW).accepts(NEW)))
                .containsExactly(write("web-1", NEW, null, false));
    }

    @Test
    void whatIsLiveStaysUntilTheNewRevisionIsAccepted() {
        assertThat(plan(NEW, host("web-1").asked(OLD, null).runs(OLD, State.READY)))
                .containsExactly(write("web-1", OLD, NEW, false));
        assertThat(plan(NEW, host("web-1").asked(OLD, NEW).runs(OLD, State.READY)))
                .isEmpty();
    }

    @Test
    void aHostThatRejectsKeepsWhatItHas() {
        Problem problem = Problem.of(Reason.USER_NOT_FOUND, "spec.user", "no such user");
        assertThat(plan(NEW, host("web-1").asked(OLD, NEW).rejects(NEW, problem)))
                .isEmpty();
    }

    @Test
    void anAcceptanceOfSomethingElseIsNone() {
        assertThat(plan(NEW, host("web-1").asked(OLD, NEW).accepts(OLD))).isEmpty();
        // accepted once, and since then no longer asked for
        assertThat(plan(NEW, host("web-1").asked(OLD, OLD).accepts(NEW)))
                .containsExactly(write("web-1", OLD, NEW, false));
    }

    @Test
    void anotherSecretIsAnotherContent() {
        Content rotated = new Content(NEW.revision(), null, null, "shop-s2");
        assertThat(plan(rotated, host("web-1").asked(NEW, null).runs(NEW, State.READY)))
                .containsExactly(write("web-1", NEW, rotated, false));
        assertThat(plan(rotated, host("web-1").asked(NEW, rotated).accepts(NEW)))
                .isEmpty();
    }

    @Test
    void nothingIsWrittenWhereAllIsAsItShouldBe() {
        assertThat(plan(NEW, host("web-1").asked(NEW, null).runs(NEW, State.IDLE)))
                .isEmpty();
    }

    @Test
    void goingBackToWhatIsLiveDropsWhatIsStaged() {
        assertThat(plan(OLD, host("web-1").asked(OLD, NEW))).containsExactly(write("web-1", OLD, null, false));
    }

    @Test
    void lostPermissionFreezesAndNeverRemoves() {
        assertThat(plan(NEW, host("web-1").refused())).isEmpty();
        assertThat(plan(NEW, host("web-1").refused().asked(OLD, null))).isEmpty();
        assertThat(plan(NEW, host("web-1").refused().asked(OLD, NEW).accepts(NEW)))
                .isEmpty();
    }

    @Test
    void anUnknownTargetAssignsNothingNewAndRemovesNothing() {
        assertThat(plan(null, host("web-1"), host("web-2").asked(OLD, null))).isEmpty();
    }

    @Test
    void aDeselectedHostIsAskedToRemoveOnce() {
        assertThat(plan(NEW, host("web-1").deselected().asked(OLD, NEW)))
                .containsExactly(write("web-1", OLD, null, true));
        assertThat(plan(NEW, host("web-1").deselected().askedToRemove())).isEmpty();
    }

    @Test
    void aHostThatNeverAppliedAnythingIsAskedToRemoveAllTheSame() {
        assertThat(plan(null, host("web-1").deselected().asked(null, NEW)))
                .containsExactly(write("web-1", null, null, true));
    }

    @Test
    void aSuccessorWaitsForItsTombstone() {
        assertThat(plan(NEW, host("web-1").askedToRemove())).isEmpty();
    }

    @Test
    void anUnreachableHostIsPlannedForSoThatItCatchesUp() {
        assertThat(plan(NEW, host("web-1").unreachable().asked(OLD, null)))
                .containsExactly(write("web-1", OLD, NEW, false));
    }

    @Test
    void limitsOfUsersReachTheHostWithoutARollout() {
        assertThat(plan(NEW, host("web-1").asked(NEW, null).limited(TIGHT)))
                .containsExactly(write("web-1", NEW, null, TIGHT, false));
        assertThat(plan(NEW, host("web-1").asked(OLD, NEW).limited(TIGHT)))
                .containsExactly(write("web-1", OLD, NEW, TIGHT, false));
        assertThat(plan(NEW, host("web-1").limited(TIGHT).asked(NEW, null).limited(Map.of())))
                .containsExactly(write("web-1", NEW, null, Map.of(), false));
        assertThat(plan(NEW, host("web-1").limited(TIGHT).asked(NEW, null))).isEmpty();
    }

    @Test
    void limitsOfUsersHoldForWhatIsFrozenToo() {
        assertThat(plan(NEW, host("web-1").refused().asked(OLD, null).limited(TIGHT)))
                .containsExactly(write("web-1", OLD, null, TIGHT, false));
        assertThat(plan(null, host("web-1").asked(OLD, NEW).limited(TIGHT)))
                .containsExactly(write("web-1", OLD, NEW, TIGHT, false));
        assertThat(plan(NEW, host("web-1").refused().limited(TIGHT))).isEmpty();
        assertThat(plan(NEW, host("web-1").askedToRemove().limited(TIGHT))).isEmpty();
    }

    @Test
    void aRemovalChangesNoLimits() {
        assertThat(plan(
                        NEW,
                        host("web-1")
                                .limited(TIGHT)
                                .asked(OLD, null)
                                .limited(Map.of())
                                .deselected()))
                .containsExactly(write("web-1", OLD, null, TIGHT, true));
    }

    @Test
    void aHostThatDoesNotExistGetsNothing() {
        assertThat(plan(NEW, host("nope").in(new Presence.NotFound()))).isEmpty();
    }

    @Test
    void oneAssignmentThatCannotBeReadDoesNotStopTheOthers() {
        assertThat(plan(NEW, host("web-0").asked(OLD, null).unread("spec.live"), host("web-1")))
                .containsExactly(write("web-1", null, NEW, false));
        assertThat(plan(
                        null,
                        host("web-0").asked(OLD, null).unread("spec.live").deselected(),
                        host("web-1").asked(OLD, null).deselected()))
                .containsExactly(write("web-1", OLD, null, true));
    }

    private static List<Write> plan(@Nullable Content target, Situations... hosts) {
        return RolloutPlanner.plan(
                SHOP, target, Arrays.stream(hosts).map(Situations::of).toList());
    }

    private static Write write(String host, @Nullable Content live, @Nullable Content staged, boolean remove) {
        return write(host, live, staged, Map.of(), remove);
    }

    private static Write write(
            String host,
            @Nullable Content live,
            @Nullable Content staged,
            Map<String, UserLimits> userLimits,
            boolean remove) {
        return new Write(host, new HostAssignmentSpec(SHOP, live, staged, userLimits, remove));
    }
}
