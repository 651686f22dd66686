package io.unitsmith.agent;

import io.unitsmith.agent.admit.Candidate;
import io.unitsmith.agent.admit.Verdict;
import io.unitsmith.agent.admit.Verdict.Rejected;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.report.Journal;
import io.unitsmith.agent.report.Mask;
import io.unitsmith.agent.report.MountView;
import io.unitsmith.agent.report.Statuses;
import io.unitsmith.agent.report.Statuses.InForce;
import io.unitsmith.agent.report.Statuses.Seen;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.usage.Usage;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Mount;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Staged;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says how every assignment fares after a turn. */
final class Assessor {

    private final Statuses statuses;
    private final BiFunction<UnitState, Mask, List<String>> journal;
    private Map<UnitState, List<String>> excerpts = new HashMap<>();

    /** @param journal the last lines of a unit's journal */
    Assessor(Statuses statuses, BiFunction<UnitState, Mask, List<String>> journal) {
        this.statuses = statuses;
        this.journal = journal;
    }

    /**
     * The status of each assignment.
     *
     * @param previous an assignment's status as it is now
     */
    Map<String, HostAssignmentStatus> assess(Turn turn, Function<String, @Nullable HostAssignmentStatus> previous) {
        var round = new Round(
                turn, turn.candidates(), Mask.of(turn.desired().secrets().values()), new HashMap<>());
        Map<String, HostAssignmentStatus> all = new TreeMap<>();
        turn.desired().assignments().forEach((name, assignment) -> {
            @Nullable HostAssignmentStatus before = previous.apply(name);
            @Nullable Live live = live(round, assignment, before == null ? null : before.live());
            all.put(name, new HostAssignmentStatus(live, staged(round, name)));
        });
        excerpts = round.excerpts();
        return all;
    }

    private record Round(
            Turn turn, Map<Turn.Key, Candidate> candidates, Mask mask, Map<UnitState, List<String>> excerpts) {

        @Nullable
        Candidate candidate(String assignment, boolean live) {
            return candidates.get(new Turn.Key(assignment, live));
        }

        /** Some messages have the words of programs in them, which may repeat what they were given. */
        Problem masked(Problem problem) {
            return new Problem(problem.reason(), problem.field(), mask.apply(problem.message()));
        }
    }

    private @Nullable Live live(Round round, Assignment assignment, @Nullable Live before) {
        @Nullable Applied applied = round.turn().ledger().assignments().get(assignment.name());
        if (applied == null && assignment.remove()) {
            return statuses.removed(before, assignment.generation());
        }
        if (applied == null && assignment.live() == null) {
            return null;
        }
        if (applied != null
                && applied.proof() != null
                && !round.turn().failures().containsKey(assignment.name())) {
            return before; // a change that has not proved itself yet does not count yet
        }
        @Nullable Usage usage = applied == null ? null : round.turn().usages().get(applied.payload());
        var seen = new Seen(
                health(round, assignment, applied),
                round.turn().drifts().get(assignment.name()),
                assignment.workload().kind().equals("RemoteMount"),
                usage == null ? null : usage.lastOomKill());
        return statuses.live(before, assignment.generation(), inForce(round, assignment, applied, before), seen)
                .with(mount(round, applied));
    }

    private static @Nullable Mount mount(Round round, @Nullable Applied applied) {
        @Nullable Sight sight = applied == null ? null : round.turn().sights().get(applied.payload());
        return sight == null ? null : MountView.of(sight, round.mask());
    }

    /** A version whose program is gone from the host, under a master that serves, is still the last that was there. */
    private static InForce inForce(
            Round round, Assignment assignment, @Nullable Applied applied, @Nullable Live before) {
        if (applied == null) {
            return InForce.NOTHING;
        }
        @Nullable Candidate live = round.candidate(assignment.name(), true);
        @Nullable
        String phpVersion = (live == null
                        ? Optional.<String>empty()
                        : live.workload().phpVersion(round.turn().facts()))
                .orElse(before == null ? null : before.phpVersion());
        return new InForce(applied.revision(), applied.secret(), phpVersion, applied.hash());
    }

    private Health health(Round round, Assignment assignment, @Nullable Applied applied) {
        Turn turn = round.turn();
        @Nullable Candidate live = round.candidate(assignment.name(), true);
        if (live != null && turn.verdicts().get(live) instanceof Rejected(List<Problem> problems)) {
            return Statuses.failed(round.masked(problems.getFirst()));
        }
        @Nullable Problem failure = turn.failures().get(assignment.name());
        if (failure != null) {
            return Statuses.failed(failure);
        }
        if (applied == null) {
            return new Health(State.FAILED, Reason.APPLY_FAILED, "not applied yet; it is tried again");
        }
        UnitState trigger = turn.unit(applied.trigger());
        UnitState payload = turn.unit(applied.payload());
        if (live == null) {
            return trigger.isActive()
                    ? new Health(State.READY, Reason.READY, trigger.name() + " is active")
                    : new Health(State.FAILED, Reason.UNIT_FAILED, trigger.name() + " is " + trigger.activeState());
        }
        Health health = live.workload().judge(trigger, payload, turn.sights().get(applied.payload()));
        return health.state() == State.FAILED
                ? withJournal(round, health, payload.isFailed() || trigger.isActive() ? payload : trigger)
                : health;
    }

    /** A unit that stays as it is says nothing new. */
    private Health withJournal(Round round, Health health, UnitState unit) {
        @Nullable List<String> known = excerpts.get(unit);
        List<String> lines = known != null && !known.isEmpty() ? known : journal.apply(unit, round.mask());
        round.excerpts().put(unit, lines);
        return new Health(health.state(), health.reason(), health.message() + Journal.quoted(lines));
    }

    private static @Nullable Staged staged(Round round, String name) {
        @Nullable Candidate staged = round.candidate(name, false);
        @Nullable
        Verdict verdict = staged == null ? null : round.turn().verdicts().get(staged);
        if (staged == null || verdict == null) {
            return null;
        }
        Plan preview = round.turn().preview();
        return verdict instanceof Rejected(List<Problem> problems)
                ? Statuses.rejected(
                        staged.part().content(),
                        problems.stream().map(round::masked).toList())
                : Statuses.accepted(
                        staged.part().content(), preview.impact(name).text(), preview.summary(name));
    }
}
