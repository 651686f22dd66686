package io.unitsmith.agent;

import io.unitsmith.agent.Enforcer.Aim;
import io.unitsmith.agent.admit.Admission;
import io.unitsmith.agent.admit.Candidate;
import io.unitsmith.agent.admit.Requirements;
import io.unitsmith.agent.admit.Verdict;
import io.unitsmith.agent.admit.Verdict.Accepted;
import io.unitsmith.agent.apply.Checks;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.Probe;
import io.unitsmith.agent.idle.IdleStops;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.remote.Servers;
import io.unitsmith.agent.report.Mask;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.source.Source;
import io.unitsmith.agent.unit.UnitName;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.usage.UsageBook;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.agent.workload.Watch;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
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
    private final Enforcer enforcer;
    private final IdleStops idleStops;
    private final UsageBook usageBook;
    private final Servers servers;
    private final BiFunction<UnitState, Mask, List<String>> journal;
    private boolean swept;
    private Set<String> orphans = Set.of();

    /** @param journal the last lines of a unit's journal */
    Agent(
            Source source,
            Probe probe,
            Admission admission,
            Checks checks,
            Enforcer enforcer,
            IdleStops idleStops,
            UsageBook usageBook,
            Servers servers,
            BiFunction<UnitState, Mask, List<String>> journal) {
        this.source = source;
        this.probe = probe;
        this.admission = admission;
        this.checks = checks;
        this.enforcer = enforcer;
        this.idleStops = idleStops;
        this.usageBook = usageBook;
        this.servers = servers;
        this.journal = journal;
    }

    /** When there may be something to do without anything having changed, if ever. */
    public Optional<Instant> wantsTurnAt() {
        return Stream.of(enforcer.wantsTurnAt(), servers.wantsTurnAt())
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    /** What became of the ledger that this agent found, if it was not as it should be. */
    public Optional<String> ledgerLoss() {
        return enforcer.ledgerLoss();
    }

    public Turn turn() throws IOException {
        if (!swept) {
            checks.sweep(); // what an agent that was killed has left
            swept = true;
        }
        DesiredState desired = source.current();
        List<Candidate> candidates = candidates(desired);
        Ledger known = enforcer.ledger();
        HostFacts facts = probe.probe(
                        names(candidates, Workload::users), names(candidates, Workload::groups), desired.phpPaths())
                .withMounts(Requirements.units(candidates, desired, known));
        Map<Candidate, Verdict> verdicts = admission.judge(candidates, facts, known);
        tellOrphans(desired);
        Map<String, Long> uids = facts.uids();
        Mask mask = Mask.of(desired.secrets().values());
        var aim = new Aim(
                wanted(verdicts, true),
                desired,
                Requirements.kept(candidates, desired, known),
                uids,
                unit -> journal.apply(unit, mask));
        Map<String, Sight> sights = servers.look(watches(verdicts, known));
        Enforcer.Result result = enforcer.enforce(aim);
        servers.forgetAllBut(result.ledger().assignments().values().stream()
                .map(Applied::payload)
                .filter(Agent::isMount)
                .toList());
        IdleStops.Outcome seen = idleStops.turn(payloads(verdicts, result.ledger()), result.units());
        List<Wanted> staged = wanted(verdicts, false);
        Plan preview = staged.isEmpty() ? Plan.NOTHING : enforcer.preview(staged, uids);
        return new Turn(
                desired,
                facts,
                verdicts,
                preview,
                result.problems(),
                result.drifts(),
                result.ledger(),
                result.units(),
                usageBook.turn(inForce(result), seen),
                sights);
    }

    static List<Candidate> candidates(DesiredState desired) {
        List<Candidate> candidates = new ArrayList<>();
        Map<String, UserLimits> limits = desired.userLimits();
        for (Assignment assignment : desired.assignments().values()) {
            if (!assignment.remove()) {
                add(candidates, assignment, true, assignment.live(), desired, limits);
                add(candidates, assignment, false, assignment.staged(), desired, limits);
            }
        }
        return candidates;
    }

    private static void add(
            List<Candidate> candidates,
            Assignment assignment,
            boolean live,
            Assignment.@Nullable Part part,
            DesiredState desired,
            Map<String, UserLimits> limits) {
        if (part != null) {
            @Nullable String secret = part.content().secret();
            Workload workload = Workloads.of(
                    assignment.workload(),
                    part.content(),
                    secret == null ? null : desired.secrets().get(secret),
                    limits);
            candidates.add(new Candidate(assignment.name(), assignment.workload(), live, part, workload));
        }
    }

    static Set<String> names(List<Candidate> candidates, Function<Workload, Set<String>> question) {
        return candidates.stream()
                .map(Candidate::workload)
                .flatMap(workload -> question.apply(workload).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static List<Wanted> wanted(Map<Candidate, Verdict> verdicts, boolean live) {
        List<Wanted> wanted = new ArrayList<>();
        verdicts.forEach((candidate, verdict) -> {
            if (candidate.live() == live && verdict instanceof Accepted(Rendering rendering)) {
                wanted.add(candidate.wanted(rendering));
            }
        });
        return wanted;
    }

    /** What is in force and has proved itself, by its payload. */
    private static Map<String, Workload> payloads(Map<Candidate, Verdict> verdicts, Ledger ledger) {
        Map<String, Workload> payloads = new HashMap<>();
        verdicts.forEach((candidate, verdict) -> {
            @Nullable Applied applied = ledger.assignments().get(candidate.assignment());
            boolean accepted = candidate.live() && verdict instanceof Accepted;
            if (accepted && applied != null && applied.proof() == null && applied.pending() == null) {
                payloads.put(applied.payload(), candidate.workload());
            }
        });
        return payloads;
    }

    /** Of all that may be mounted; what is about to be removed has nobody who says how. */
    private static Map<String, Watch> watches(Map<Candidate, Verdict> verdicts, Ledger ledger) {
        Map<String, Watch> asked = new HashMap<>();
        verdicts.keySet().stream()
                .filter(Candidate::live)
                .forEach(candidate ->
                        candidate.workload().watch().ifPresent(watch -> asked.put(candidate.assignment(), watch)));
        Map<String, Watch> watches = new HashMap<>();
        ledger.assignments().forEach((name, applied) -> {
            if (isMount(applied.payload())) {
                UnitName.pathOf(applied.payload())
                        .map(path -> asked.getOrDefault(name, Watch.of(path)))
                        .ifPresent(watch -> watches.put(applied.payload(), watch));
            }
        });
        return watches;
    }

    private static boolean isMount(String unit) {
        return unit.endsWith(".mount");
    }

    private static List<UnitState> inForce(Enforcer.Result result) {
        return result.ledger().assignments().values().stream()
                .map(Applied::payload)
                .distinct()
                .map(unit -> result.units().getOrDefault(unit, UnitState.absent(unit)))
                .toList();
    }

    private void tellOrphans(DesiredState desired) throws IOException {
        Set<String> now = new TreeSet<>(enforcer.ledger().assignments().keySet());
        now.removeAll(desired.assignments().keySet());
        if (!now.equals(orphans)) {
            now.forEach(
                    name -> LOG.warn("{} is assigned no more, and stays in force: only its removal removes it", name));
            orphans = now;
        }
    }
}
