package io.unitsmith.agent;

import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.apply.Transaction;
import io.unitsmith.agent.apply.Unmounts;
import io.unitsmith.agent.drift.Drift;
import io.unitsmith.agent.drift.DriftGuard;
import io.unitsmith.agent.facts.ProcessImages;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Goal;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.plan.Planner;
import io.unitsmith.agent.plan.Proving;
import io.unitsmith.agent.plan.Situation;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.report.Journal;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the host to what is wanted of it: plan, apply, prove, and then commit, or undo. To undo is to plan back to the
 * last revision that was good.
 */
final class Enforcer {

    private static final Logger LOG = LoggerFactory.getLogger(Enforcer.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Systemd systemd;
    private final DriftGuard drift;
    private final InForce inForce;
    private final ProcessImages images;
    private final Clock clock;

    /** For units that are started and go down again. */
    private final Backoff starts;

    private final Setbacks setbacks;
    private Set<String> leftDrifted = Set.of();

    Enforcer(Systemd systemd, AtomicFiles files, Disk disk, DriftGuard drift, Unmounts unmounts, Clock clock) {
        this.systemd = systemd;
        this.drift = drift;
        this.inForce = new InForce(systemd, files, disk, unmounts);
        this.images = new ProcessImages(files.at("/proc"));
        this.clock = clock;
        this.starts = new Backoff(clock, Duration.ofSeconds(1), Duration.ofSeconds(60));
        this.setbacks = new Setbacks(clock);
    }

    /**
     * What is to be so.
     *
     * @param wanted all accepted live revisions
     * @param desired what is asked for
     * @param kept assignments that are to be removed, and cannot be yet, with the reason
     * @param uids the users that files are to be readable by
     * @param journal the last lines of a unit's journal, with every secret masked
     */
    record Aim(
            List<Wanted> wanted,
            DesiredState desired,
            Map<String, Problem> kept,
            Map<String, Long> uids,
            Function<UnitState, List<String>> journal) {

        /** The assignments that are to be taken off the host now. */
        Set<String> removals() {
            Set<String> removals = desired.removals();
            removals.removeAll(kept.keySet());
            return removals;
        }
    }

    /**
     * What came of it.
     *
     * @param problems why an assignment is not as it is wanted
     * @param drifts of what is in force, as it was found before it was put right
     * @param units the state of the units of everything in the ledger, afterwards
     */
    record Result(
            Map<String, Problem> problems, Map<String, Drift> drifts, Ledger ledger, Map<String, UnitState> units) {}

    /** When there may be something to do without anything having changed, if ever. */
    Optional<Instant> wantsTurnAt() {
        Optional<Instant> look =
                inForce.isProving() ? Optional.of(clock.instant().plus(LOOK_AGAIN)) : Optional.empty();
        return Stream.of(starts.next(), setbacks.next(), look)
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /** What is in force. The first time, what a killed agent has left half done is removed. */
    Ledger ledger() throws IOException {
        return inForce.ledger();
    }

    /** What became of the ledger that was found, if it was not as it should be. */
    Optional<String> ledgerLoss() {
        return inForce.ledgerLoss();
    }

    Result enforce(Aim aim) throws IOException {
        inForce.giveBack(); // an agent that was killed may not have come to it
        setbacks.review(aim.desired().assignments());
        Set<String> undone = setbacks.undone();
        leftDrifted = Set.of();
        Goal first = goal(aim);
        inForce.adopt(first.wanted());
        Situation found = observe(first, aim.uids(), ledger());
        DriftGuard.Judgement drifted = drift.judge(aim.desired().assignments(), aim.wanted(), found);
        inForce.commit(drifted.ledger());
        leftDrifted = drifted.resting();
        Goal goal = goal(aim);
        Situation there = found.with(ledger(), left());
        starts.well(there.units().values().stream()
                .filter(UnitState::isActive)
                .map(UnitState::name)
                .toList());
        Plan plan = Planner.plan(goal, there);
        boolean moves = !inForce.isAsAfter(plan) || inForce.isProving();
        carryOut(plan, there, aim);
        prove(aim);
        if (!undone.containsAll(setbacks.undone())) {
            Goal back = goal(aim);
            Situation then = observe(back, aim.uids(), ledger());
            carryOut(Planner.plan(back, then), then, aim);
        }
        inForce.giveBack();
        Map<String, Problem> problems = new HashMap<>(plan.conflicts());
        problems.putAll(setbacks.problems());
        problems.putAll(aim.kept());
        Map<String, UnitState> units = moves ? systemd.states(goal.units(ledger())) : there.units();
        return new Result(problems, drifted.drifts(), ledger(), inForce.sinceWritten(units));
    }

    /** The plan for something that is not asked for yet. */
    Plan preview(Collection<Wanted> staged, Map<String, Long> uids) throws IOException {
        Goal goal = new Goal(List.copyOf(staged), Set.of());
        return Planner.plan(goal, observe(goal, uids, inForce.foresee(staged)));
    }

    private Goal goal(Aim aim) throws IOException {
        Set<String> left = left();
        Set<String> removals = aim.removals();
        removals.removeAll(left);
        Set<String> undone = setbacks.undone();
        List<Wanted> wanted = new ArrayList<>();
        for (Wanted one : aim.wanted()) {
            if (!left.contains(one.assignment()) && !undone.contains(one.assignment())) {
                wanted.add(one);
            }
        }
        for (String name : undone) {
            Optional<Wanted> before = inForce.lastGood(name);
            before.map(one -> one.sharing(aim.wanted())).ifPresent(wanted::add);
            if (before.isEmpty()) {
                removals.add(name);
            }
        }
        return new Goal(wanted, removals);
    }

    /** Units and assignments that are left as they are for now. */
    private Set<String> left() {
        Set<String> left = new HashSet<>(starts.resting());
        left.addAll(setbacks.held());
        left.addAll(leftDrifted);
        return left;
    }

    private Situation observe(Goal goal, Map<String, Long> uids, Ledger known) {
        Map<String, UnitState> units = systemd.states(goal.units(known));
        return new Situation(
                known, drift.look(goal.paths(known)), units, images.of(units.values()), uids, left(), clock.instant());
    }

    private void carryOut(Plan plan, Situation there, Aim aim) throws IOException {
        if (inForce.isAsAfter(plan)) {
            return;
        }
        Transaction.Outcome outcome = inForce.carryOut(plan, aim.uids());
        Set<String> started = plan.started();
        started.removeIf(there::isActive); // what is active is only made sure of
        starts.tried(started);
        Set<String> removals = aim.removals();
        for (Map.Entry<String, Transaction.Failure> entry : outcome.failures().entrySet()) {
            Transaction.Failure failure = entry.getValue();
            setback(entry.getKey(), failure.problem(), failure.held() || removals.contains(entry.getKey()), aim);
        }
        removals.stream().filter(name -> !outcome.failures().containsKey(name)).forEach(setbacks::succeeded);
    }

    /** Commits what is well after its change; what is not is put back by the next plan. */
    private void prove(Aim aim) throws IOException {
        Map<String, Applied> open = new HashMap<>(ledger().assignments());
        open.values().removeIf(applied -> applied.proof() == null || applied.pending() != null);
        if (open.isEmpty()) {
            return;
        }
        Map<String, UnitState> units = systemd.states(new Goal(List.of(), Set.of()).units(ledger()));
        Situation there = new Situation(
                ledger(), Map.of(), units, images.of(units.values()), Map.of(), Set.of(), clock.instant());
        Map<String, Wanted> wanted =
                aim.wanted().stream().collect(Collectors.toMap(Wanted::assignment, one -> one, (a, b) -> a));
        Ledger proved = ledger();
        for (Map.Entry<String, Applied> entry : open.entrySet()) {
            String name = entry.getKey();
            switch (Proving.judge(entry.getValue(), there)) {
                case Proving.Open waits -> LOG.debug("{} has still to prove itself", name);
                case Proving.Proved well -> {
                    @Nullable Wanted one = wanted.get(name);
                    if (one != null && entry.getValue().holds(one.made())) {
                        inForce.keepAsGood(one);
                    }
                    setbacks.succeeded(name);
                    proved = proved.with(name, entry.getValue().proving(null));
                }
                case Proving.Disproved(UnitState unit) ->
                    setback(name, problem(unit, aim.journal().apply(unit)), false, aim);
            }
        }
        inForce.commit(proved);
    }

    /** Where it is not known what was before, though something served, a failed change is left, and tried again. */
    private void setback(String name, Problem problem, boolean waits, Aim aim) throws IOException {
        @Nullable Assignment assignment = aim.desired().assignments().get(name);
        @Nullable Applied now = ledger().assignments().get(name);
        boolean served =
                now != null && (now.proof() == null || !now.proof().served().isEmpty());
        boolean known = inForce.lastGood(name).isPresent();
        if (waits || (served && !known)) {
            setbacks.held(name, assignment, problem);
        } else {
            setbacks.undone(name, assignment, known, problem);
        }
    }

    private static Problem problem(UnitState unit, List<String> lines) {
        return Problem.of(
                Reason.UNIT_FAILED,
                null,
                unit.name() + " is " + unit.activeState() + unit.resultNote() + Journal.quoted(lines));
    }
}
