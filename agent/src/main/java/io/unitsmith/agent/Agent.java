package io.unitsmith.agent;

import io.unitsmith.agent.admit.Admission;
import io.unitsmith.agent.admit.Candidate;
import io.unitsmith.agent.admit.Verdict;
import io.unitsmith.agent.admit.Verdict.Accepted;
import io.unitsmith.agent.apply.Checks;
import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.apply.LedgerKeeper;
import io.unitsmith.agent.apply.LedgerStore;
import io.unitsmith.agent.apply.Transaction;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.Probe;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.plan.Goal;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.plan.Planner;
import io.unitsmith.agent.plan.Situation;
import io.unitsmith.agent.plan.Step;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.source.Source;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn of the agent: observe, judge, plan, apply, observe again. It is level-triggered: a turn looks at everything,
 * and with nothing to do it changes nothing.
 */
public final class Agent {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final Source source;
    private final Probe probe;
    private final Admission admission;
    private final Checks checks;
    private final Systemd systemd;
    private final AtomicFiles files;
    private final Disk disk;
    private final LedgerStore store;
    private final LedgerKeeper keeper;
    /** For units that are started and go down again. */
    private final Backoff starts;

    /** For assignments that could not be applied or removed; what hinders them is often over soon. */
    private final Backoff attempts;

    private final Map<String, Failure> failed = new HashMap<>();
    private final Map<String, Problem> told = new HashMap<>();
    private @Nullable Ledger ledger;
    private @Nullable String loss;
    private Set<String> orphans = Set.of();

    public Agent(
            Source source,
            Probe probe,
            Admission admission,
            Checks checks,
            Systemd systemd,
            AtomicFiles files,
            Disk disk,
            Clock clock) {
        this.source = source;
        this.probe = probe;
        this.admission = admission;
        this.checks = checks;
        this.systemd = systemd;
        this.files = files;
        this.disk = disk;
        this.store = new LedgerStore(files);
        this.keeper = new LedgerKeeper(files);
        this.starts = new Backoff(clock, Duration.ofSeconds(60));
        this.attempts = new Backoff(clock, Duration.ofSeconds(5));
    }

    /** When a unit that was left alone may be started again, if there is one. */
    public Optional<Instant> wantsTurnAt() {
        return Stream.of(starts.next(), attempts.next())
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /** What became of the ledger that this agent found, if it was not as it should be. */
    public Optional<String> ledgerLoss() {
        return Optional.ofNullable(loss);
    }

    private Ledger ledger() throws IOException {
        if (ledger == null) {
            LedgerKeeper.Opened opened = keeper.open(systemd);
            loss = opened.loss() == null ? loss : opened.loss();
            sweep(opened.ledger());
            ledger = opened.ledger();
        }
        return ledger;
    }

    /** Removes what an agent that was killed has left half done. */
    private void sweep(Ledger known) throws IOException {
        checks.sweep();
        Set<String> folders = new TreeSet<>(Set.of("/var/lib/unitsmith", "/var/lib/unitsmith/credential"));
        for (Ledger.Applied applied : known.assignments().values()) {
            applied.entries()
                    .forEach(made ->
                            folders.add(made.path().substring(0, made.path().lastIndexOf('/'))));
        }
        for (String folder : folders) {
            files.sweep(folder);
        }
    }

    public Turn turn() throws IOException {
        DesiredState desired = source.current();
        List<Candidate> candidates = candidates(desired);
        HostFacts facts = probe.probe(
                names(candidates, Workload::users), names(candidates, Workload::groups), desired.phpPaths());
        Map<Candidate, Verdict> verdicts = admission.judge(candidates, facts, ledger());
        Set<String> resting = resting(desired);
        Goal goal = goal(desired, verdicts, resting);
        tellOrphans(desired);

        Map<String, Long> uids =
                facts.users().values().stream().collect(Collectors.toMap(HostFacts.User::name, HostFacts.User::uid));
        Map<String, UnitState> units = systemd.states(goal.units(ledger()));
        starts.well(units.values().stream()
                .filter(UnitState::isActive)
                .map(UnitState::name)
                .toList());
        attempts.well(desired.assignments().keySet());
        Plan plan = Planner.plan(goal, new Situation(ledger(), disk.look(goal.paths(ledger())), units, uids, resting));
        Map<String, Problem> failures = new HashMap<>(plan.conflicts());
        failed.forEach((name, failure) -> failures.put(name, failure.problem()));
        if (!plan.steps().isEmpty() || !plan.commit(Set.of()).equals(ledger())) {
            failures.putAll(apply(plan, uids, desired));
            units = systemd.states(goal.units(ledger()));
        }
        return new Turn(desired, facts, verdicts, failures, ledger(), units);
    }

    /** An attempt that failed, at one generation of the assignment. */
    private record Failure(@Nullable Long generation, Problem problem) {}

    /** A failed assignment is tried again at once if something else is asked for. */
    private Set<String> resting(DesiredState desired) {
        Set<String> resting = new HashSet<>(starts.resting());
        Set<String> later = attempts.resting();
        failed.entrySet().removeIf(entry -> {
            Assignment assignment = desired.assignments().get(entry.getKey());
            boolean same = assignment != null
                    && Objects.equals(assignment.generation(), entry.getValue().generation());
            return !same || !later.contains(entry.getKey());
        });
        resting.addAll(failed.keySet());
        return resting;
    }

    private Map<String, Problem> apply(Plan plan, Map<String, Long> uids, DesiredState desired) throws IOException {
        Set<String> starting = new HashSet<>();
        for (Step step : plan.steps()) {
            if (step instanceof Step.Start start) {
                start.units().forEach(unit -> starting.add(unit.name()));
            }
        }
        Ledger before = ledger();
        ledger = null; // until it is known how far this came: what is on disk counts
        Transaction.Outcome outcome = new Transaction(files, store, systemd, uids).run(plan, before);
        ledger = outcome.ledger();
        starts.tried(starting);
        attempts.tried(outcome.failures().keySet());
        outcome.failures().forEach((name, problem) -> {
            Assignment assignment = desired.assignments().get(name);
            failed.put(name, new Failure(assignment == null ? null : assignment.generation(), problem));
            if (!problem.equals(told.put(name, problem))) {
                LOG.warn("{}: {}", name, problem.text());
            }
        });
        told.keySet().retainAll(failed.keySet());
        return outcome.failures();
    }

    static List<Candidate> candidates(DesiredState desired) {
        List<Candidate> candidates = new ArrayList<>();
        for (Assignment assignment : desired.assignments().values()) {
            if (!assignment.remove()) {
                add(candidates, assignment, true, assignment.live(), desired);
                add(candidates, assignment, false, assignment.staged(), desired);
            }
        }
        return candidates;
    }

    private static void add(
            List<Candidate> candidates,
            Assignment assignment,
            boolean live,
            Assignment.@Nullable Part part,
            DesiredState desired) {
        if (part != null) {
            @Nullable String secret = part.content().secret();
            Workload workload = Workloads.of(
                    assignment.workload(),
                    part.content(),
                    secret == null ? null : desired.secrets().get(secret));
            candidates.add(new Candidate(assignment.name(), assignment.workload(), live, part, workload));
        }
    }

    static Set<String> names(List<Candidate> candidates, Function<Workload, Set<String>> question) {
        return candidates.stream()
                .map(Candidate::workload)
                .flatMap(workload -> question.apply(workload).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Goal goal(DesiredState desired, Map<Candidate, Verdict> verdicts, Set<String> resting) {
        List<Wanted> wanted = new ArrayList<>();
        verdicts.forEach((candidate, verdict) -> {
            if (candidate.live()
                    && !resting.contains(candidate.assignment())
                    && verdict instanceof Accepted(Rendering rendering)) {
                wanted.add(candidate.wanted(rendering));
            }
        });
        Set<String> removals = desired.assignments().values().stream()
                .filter(Assignment::remove)
                .map(Assignment::name)
                .filter(name -> !resting.contains(name))
                .collect(Collectors.toSet());
        return new Goal(wanted, removals);
    }

    private void tellOrphans(DesiredState desired) throws IOException {
        Set<String> now = new TreeSet<>(ledger().assignments().keySet());
        now.removeAll(desired.assignments().keySet());
        if (!now.equals(orphans)) {
            now.forEach(
                    name -> LOG.warn("{} is assigned no more, and stays in force: only its removal removes it", name));
            orphans = now;
        }
    }
}
