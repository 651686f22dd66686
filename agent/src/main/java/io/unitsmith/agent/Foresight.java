package io.unitsmith.agent;

import io.unitsmith.agent.admit.Admission;
import io.unitsmith.agent.admit.Candidate;
import io.unitsmith.agent.admit.Requirements;
import io.unitsmith.agent.admit.Verdict;
import io.unitsmith.agent.admit.Verdict.Rejected;
import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.apply.LedgerKeeper;
import io.unitsmith.agent.apply.LedgerStore;
import io.unitsmith.agent.apply.Originals;
import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.Probe;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Goal;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Planner;
import io.unitsmith.agent.plan.Situation;
import io.unitsmith.agent.preview.Preview;
import io.unitsmith.agent.preview.Previews;
import io.unitsmith.agent.report.Mask;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an agent that comes to this host now would do: the same admission, the same planner, and nothing carried out.
 * Checks that other programs do, such as php-fpm -t, are not run.
 */
public final class Foresight {

    private final AtomicFiles files;
    private final Systemd systemd;
    private final Probe probe;
    private final Disk disk;
    private final Admission admission;
    private final Clock clock;

    public Foresight(AtomicFiles files, Systemd systemd, Probe probe, Ceiling ceiling, Clock clock) {
        this.files = files;
        this.systemd = systemd;
        this.probe = probe;
        this.disk = new Disk(files);
        this.clock = clock;
        this.admission = Admission.looking(files, disk, ceiling, clock);
    }

    /** What would change if this were asked for. */
    public Preview of(DesiredState desired) throws IOException {
        List<Candidate> candidates =
                Agent.candidates(desired).stream().filter(Candidate::live).toList();
        Ledger known = new LedgerKeeper(files).look().ledger();
        HostFacts facts = probe.probe(
                        Agent.names(candidates, Workload::users),
                        Agent.names(candidates, Workload::groups),
                        desired.phpPaths())
                .withMounts(Requirements.units(candidates, desired, known));
        Map<Candidate, Verdict> verdicts = admission.judge(candidates, facts, known);
        Set<String> removals = desired.removals();
        removals.removeAll(Requirements.kept(candidates, desired, known).keySet());
        Goal goal = new Goal(Agent.wanted(verdicts, true), removals);
        Ledger ledger = new Originals(files, disk, new LedgerStore(files), systemd).foresee(known, goal.wanted());
        Situation there = situation(goal, ledger, facts);
        var previews = new Previews(
                there.disk(),
                there.units(),
                this::content,
                name -> title(name, desired, ledger),
                Mask.of(desired.secrets().values())::apply);
        return previews.of(Planner.plan(goal, there), refused(verdicts));
    }

    private Situation situation(Goal goal, Ledger ledger, HostFacts facts) {
        return new Situation(
                ledger,
                disk.look(goal.paths(ledger)),
                systemd.states(goal.units(ledger)),
                Map.of(),
                facts.uids(),
                Set.of(),
                clock.instant());
    }

    private static Map<String, List<Problem>> refused(Map<Candidate, Verdict> verdicts) {
        Map<String, List<Problem>> refused = new TreeMap<>();
        verdicts.forEach((candidate, verdict) -> {
            if (verdict instanceof Rejected(List<Problem> problems)) {
                refused.put(candidate.assignment(), problems);
            }
        });
        return refused;
    }

    private static String title(String assignment, DesiredState desired, Ledger ledger) {
        Assignment asked = desired.assignments().get(assignment);
        Ledger.Applied applied = ledger.assignments().get(assignment);
        WorkloadReference workload = asked != null ? asked.workload() : applied != null ? applied.workload() : null;
        return workload == null ? assignment : Header.title(workload);
    }

    private String content(String path) {
        try {
            return files.readForeign(path).orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
