package io.unitsmith.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.TestClock;
import io.unitsmith.agent.drift.Drift;
import io.unitsmith.agent.report.Statuses.InForce;
import io.unitsmith.agent.report.Statuses.Seen;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Staged;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Verdict;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class StatusesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final InForce IN_FORCE = new InForce("r1", null, "8.4.24", "0123456789ab");
    private static final Health IDLE = new Health(State.IDLE, Reason.IDLE, "listens");
    private static final Health READY = new Health(State.READY, Reason.READY, "runs");
    private static final Health FAILED = new Health(State.FAILED, Reason.UNIT_FAILED, "a.service failed");

    @Test
    void sinceMovesOnlyWithTheState() {
        Live first = at(1).live(null, 1L, new InForce("r1", null, null, null), new Seen(IDLE, null, false, null));
        Live same = at(2).live(first, 2L, new InForce("r2", null, null, null), new Seen(IDLE, null, false, null));
        Live other = at(3).live(same, 2L, new InForce("r2", null, null, null), new Seen(READY, null, false, null));

        assertThat(same.since()).isEqualTo(first.since());
        assertThat(other.since()).isEqualTo("2026-01-01T00:00:03Z");
    }

    @Test
    void theTransitionTimeMovesOnlyWithTheCondition() {
        Live idle = at(1).live(null, 1L, new InForce("r1", null, null, null), new Seen(IDLE, null, false, null));
        Live ready = at(2).live(idle, 1L, new InForce("r1", null, null, null), new Seen(READY, null, false, null));
        Live failed = at(3).live(ready, 1L, new InForce("r1", null, null, null), new Seen(FAILED, null, false, null));

        assertThat(condition(ready, Condition.READY).lastTransitionTime()).isEqualTo("2026-01-01T00:00:01Z");
        assertThat(condition(failed, Condition.READY).lastTransitionTime()).isEqualTo("2026-01-01T00:00:03Z");
        assertThat(condition(failed, Condition.READY).status()).isEqualTo(Condition.FALSE);
    }

    @Test
    void aMountSaysWhetherItIsMounted() {
        Live waiting = at(1).live(null, 1L, new InForce("r1", null, null, null), new Seen(READY, null, true, null));
        Live mounted = at(1).live(
                        null,
                        1L,
                        new InForce("r1", null, null, null),
                        new Seen(new Health(State.MOUNTED, Reason.READY, "mounted"), null, true, null));

        assertThat(condition(waiting, Condition.MOUNTED).status()).isEqualTo(Condition.FALSE);
        assertThat(condition(mounted, Condition.MOUNTED).status()).isEqualTo(Condition.TRUE);
    }

    @Test
    void whatHasNeverDriftedSaysNothingOfIt() {
        Live live = at(1).live(null, 1L, new InForce("r1", null, null, null), new Seen(IDLE, Drift.NONE, false, null));

        assertThat(Conditions.find(live.conditions(), Condition.DRIFTED)).isNull();
    }

    @Test
    void aRepairIsSaidFromThenOn() {
        var repaired = new Drift(false, Reason.REPAIRED, "put right");
        Live then = at(1).live(null, 1L, new InForce("r1", null, null, null), new Seen(IDLE, repaired, false, null));
        Live later = at(2).live(then, 1L, new InForce("r1", null, null, null), new Seen(IDLE, Drift.NONE, false, null));

        assertThat(condition(then, Condition.DRIFTED).status()).isEqualTo(Condition.FALSE);
        assertThat(condition(then, Condition.DRIFTED).reason()).isEqualTo("Repaired");
        assertThat(later).isEqualTo(then);
    }

    @Test
    void whatDriftedAndIsPutRightIsNotDriftedAnyMore() {
        var drifted = new Drift(true, Reason.FOREIGN_DROP_IN, "a drop-in");
        Live then = at(1).live(null, 1L, new InForce("r1", null, null, null), new Seen(IDLE, drifted, false, null));
        Live unknown = at(2).live(then, 1L, new InForce("r1", null, null, null), new Seen(IDLE, null, false, null));
        Live over =
                at(3).live(unknown, 1L, new InForce("r1", null, null, null), new Seen(IDLE, Drift.NONE, false, null));

        assertThat(condition(then, Condition.DRIFTED).holds()).isTrue();
        assertThat(condition(then, Condition.READY).holds()).isTrue();
        assertThat(unknown).isEqualTo(then);
        assertThat(condition(over, Condition.DRIFTED).holds()).isFalse();
        assertThat(condition(over, Condition.DRIFTED).reason()).isEqualTo("NoProblems");
    }

    @Test
    void whatIsRemovedHasNoRevision() {
        Live removed = at(1).removed(null, 1L);

        assertThat(removed.revision()).isNull();
        assertThat(removed.state()).isEqualTo(State.REMOVED);
    }

    @Test
    void atMostFourProblemsAreTold() {
        Problem problem = Problem.of(Reason.INVALID, "spec.user", "no");
        Staged staged = Statuses.rejected(new Content("r2", null, null, "s"), Collections.nCopies(9, problem));

        assertThat(staged.state()).isEqualTo(Verdict.REJECTED);
        assertThat(staged.problems()).hasSize(4);
        assertThat(staged.secret()).isEqualTo("s");
    }

    @Test
    void anAcceptedRevisionTellsItsPlanInPart() {
        Staged staged = Statuses.accepted(
                new Content("r2", null, null, null), "reload", Collections.nCopies(9, "write /" + "x".repeat(200)));

        assertThat(staged.state()).isEqualTo(Verdict.ACCEPTED);
        assertThat(staged.impact()).isEqualTo("reload");
        assertThat(staged.plan()).hasSize(6).allSatisfy(line -> assertThat(line).hasSize(120));
    }

    @Test
    void aProblemBecomesTheReasonOfAFailure() {
        Health health = Statuses.failed(Problem.of(Reason.USER_NOT_FOUND, "spec.user", "no user"));

        assertThat(health).isEqualTo(new Health(State.FAILED, Reason.USER_NOT_FOUND, "spec.user: no user"));
    }

    @Test
    void thatProcessesAreKilledForMemoryIsSaidOnceAndForAnHour() {
        Live well = at(1).live(null, 1L, IN_FORCE, seen(null));
        assertThat(condition(well, Condition.OUT_OF_MEMORY)).isNull();

        Live killed = at(2).live(well, 1L, IN_FORCE, seen(2));
        assertThat(condition(killed, Condition.OUT_OF_MEMORY).holds()).isTrue();
        assertThat(condition(killed, Condition.OUT_OF_MEMORY).message()).contains("spec.resources.memoryMax");
        assertThat(condition(killed, Condition.READY).holds()).as("it serves").isTrue();

        Live again = at(3000).live(killed, 1L, IN_FORCE, seen(3000));
        assertThat(again).as("what is written").isEqualTo(killed);
        assertThat(condition(at(6599).live(again, 1L, IN_FORCE, seen(3000)), Condition.OUT_OF_MEMORY)
                        .holds())
                .isTrue();
        assertThat(condition(at(6600).live(again, 1L, IN_FORCE, seen(3000)), Condition.OUT_OF_MEMORY)
                        .holds())
                .isFalse();
    }

    @Test
    void anAgentThatIsNewLeavesWhatWasSaidOfMemoryForAnHour() {
        Live killed = at(2).live(null, 1L, IN_FORCE, seen(2));
        var clock = new TestClock();
        var statuses = new Statuses(clock);
        assertThat(statuses.live(killed, 1L, IN_FORCE, seen(null))).isEqualTo(killed);
        clock.pass(Duration.ofMinutes(59));
        assertThat(statuses.live(killed, 1L, IN_FORCE, seen(null))).isEqualTo(killed);
        clock.pass(Duration.ofMinutes(1));
        assertThat(condition(statuses.live(killed, 1L, IN_FORCE, seen(null)), Condition.OUT_OF_MEMORY)
                        .holds())
                .isFalse();
    }

    private static Seen seen(Integer lastOomKill) {
        return new Seen(READY, null, false, lastOomKill == null ? null : START.plusSeconds(lastOomKill));
    }

    private static Statuses at(int second) {
        return new Statuses(Clock.fixed(START.plusSeconds(second), ZoneOffset.UTC));
    }

    private static Condition condition(Live live, String type) {
        return Conditions.find(live.conditions(), type);
    }
}
