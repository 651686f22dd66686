package io.unitsmith.agent.admit;

import io.unitsmith.agent.admit.Verdict.Accepted;
import io.unitsmith.agent.admit.Verdict.Rejected;
import io.unitsmith.agent.apply.Checks;
import io.unitsmith.agent.apply.ConfigurationCheck;
import io.unitsmith.agent.apply.CredentialTrial;
import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.apply.Trials;
import io.unitsmith.agent.apply.UnitCheck;
import io.unitsmith.agent.apply.UnitVerifier;
import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.facts.Fstab;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.MountPoints;
import io.unitsmith.agent.facts.MountTable;
import io.unitsmith.agent.facts.SpaceProbe;
import io.unitsmith.agent.facts.StatSpaceProbe;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.agent.workload.Rendering.Trial;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges revisions. Nothing live is touched by it. */
public final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Ceiling ceiling;
    private final Collisions collisions;
    private final SpaceProbe space;
    private final UnitBook units;
    private final CheckBook checks;
    private final CredentialTrial trials;

    public Admission(
            Ceiling ceiling,
            Collisions collisions,
            SpaceProbe space,
            UnitCheck units,
            ConfigurationCheck checks,
            CredentialTrial trials,
            Clock clock) {
        this.ceiling = ceiling;
        this.collisions = collisions;
        this.space = space;
        this.units = new UnitBook(units, clock);
        this.checks = new CheckBook(checks, clock);
        this.trials = trials;
    }

    /** The one of the host that these files are of. */
    public static Admission on(
            AtomicFiles files, Disk disk, Ceiling ceiling, Checks checks, Trials trials, Clock clock) {
        var units = new UnitVerifier(files, Path.of("/usr/bin/systemd-analyze"));
        return on(files, disk, ceiling, units, checks, trials, clock);
    }

    /** The same without the checks that other programs do: it only looks. */
    public static Admission looking(AtomicFiles files, Disk disk, Ceiling ceiling, Clock clock) {
        return on(
                files,
                disk,
                ceiling,
                renderings -> Collections.nCopies(renderings.size(), List.of()),
                (checks, uids) -> Collections.nCopies(checks.size(), Optional.empty()),
                trials -> Map.of(),
                clock);
    }

    private static Admission on(
            AtomicFiles files,
            Disk disk,
            Ceiling ceiling,
            UnitCheck units,
            ConfigurationCheck checks,
            CredentialTrial trials,
            Clock clock) {
        var mounts = new MountTable(files.at("/proc/self/mountinfo"));
        var mountPoints = new MountPoints(files.at("/"), mounts);
        var collisions = new Collisions(disk, mounts, mountPoints, new Fstab(files.at("/etc/fstab")));
        var space = new StatSpaceProbe(List.of("/etc", "/var/lib", "/run"));
        return new Admission(ceiling, collisions, space, units, checks, trials, clock);
    }

    /** Judges all candidates of a moment together, since they may want the same. In the order of precedence. */
    public Map<Candidate, Verdict> judge(List<Candidate> candidates, HostFacts facts, Ledger ledger)
            throws IOException {
        Map<Candidate, Verdict> verdicts = new LinkedHashMap<>();
        Collisions.Round round = collisions.look(ledger);
        candidates.stream()
                .sorted(precedence(ledger))
                .forEach(candidate -> verdicts.put(candidate, render(candidate, facts)));
        refuse(verdicts, round::find);
        checkSpace(verdicts, ledger);
        refuse(verdicts, units.judge(renderings(verdicts, ledger), facts.systemd()));
        Map<String, Check> configurations = new HashMap<>();
        renderings(verdicts, ledger)
                .forEach((name, rendering) -> rendering.check().ifPresent(check -> configurations.put(name, check)));
        refuse(verdicts, checks.judge(configurations, facts));
        refuse(verdicts, (candidate, rendering) -> Requirements.unmet(candidate, verdicts));
        // last: whoever requires the mount has it meanwhile, with the credentials of before
        refuse(verdicts, trials.judge(trials(verdicts, ledger)));
        return verdicts;
    }

    /** What is live on the host, then what is to be; the older is not known of on a host, so then the smaller uid. */
    private static Comparator<Candidate> precedence(Ledger ledger) {
        return Comparator.comparing(
                        (Candidate candidate) -> !ledger.assignments().containsKey(candidate.assignment()))
                .thenComparing(candidate -> !candidate.live())
                .thenComparing(candidate -> candidate.reference().uid())
                .thenComparing(Candidate::assignment);
    }

    private Verdict render(Candidate candidate, HostFacts facts) {
        if (candidate.part().fault() != null) {
            return new Rejected(Problem.of(
                    Reason.NOT_UNDERSTOOD,
                    null,
                    "this agent cannot read the spec, it may be older than the operator: upgrade it ("
                            + candidate.part().fault() + ")"));
        }
        try {
            List<Problem> denied = ceiling.check(candidate.workload().claims(), facts);
            if (!denied.isEmpty()) {
                return new Rejected(denied);
            }
            return switch (candidate.workload().render(facts)) {
                case Workload.Rendered(Rendering rendering) -> new Accepted(rendering);
                case Workload.Refused(List<Problem> problems) -> new Rejected(problems);
            };
        } catch (RuntimeException e) {
            LOG.error("{} could not be rendered", candidate.assignment(), e);
            return new Rejected(Problem.of(
                    Reason.INVALID,
                    null,
                    "the agent failed to render this (" + e + "); its journal on the host has more"));
        }
    }

    private static void refuse(
            Map<Candidate, Verdict> verdicts, BiFunction<Candidate, Rendering, Optional<Problem>> rule) {
        verdicts.replaceAll((candidate, verdict) -> verdict instanceof Accepted(Rendering rendering)
                ? rule.apply(candidate, rendering).<Verdict>map(Rejected::new).orElse(verdict)
                : verdict);
    }

    private static void refuse(Map<Candidate, Verdict> verdicts, Map<String, Problem> problems) {
        refuse(verdicts, (candidate, rendering) -> Optional.ofNullable(problems.get(key(candidate))));
    }

    /** Only where something is to be written, since to ask costs a process. */
    private void checkSpace(Map<Candidate, Verdict> verdicts, Ledger ledger) {
        Map<String, Rendering> wanted = renderings(verdicts, ledger);
        if (wanted.isEmpty()) {
            return;
        }
        try {
            SpaceRule rule = new SpaceRule(space.look());
            refuse(
                    verdicts,
                    (candidate, rendering) ->
                            wanted.containsKey(key(candidate)) ? rule.take(rendering) : Optional.empty());
        } catch (IOException e) {
            LOG.warn("it is not known how much room there is: {}", e.getMessage());
        }
    }

    /**
     * Of those that are accepted so far; what is applied already, exactly so, is not checked again. Nor is it for limits of
     * its user: a tenant whose files make a check fail would escape them.
     */
    private static Map<String, Rendering> renderings(Map<Candidate, Verdict> verdicts, Ledger ledger) {
        Map<String, Rendering> wanted = new LinkedHashMap<>();
        verdicts.forEach((candidate, verdict) -> {
            if (verdict instanceof Accepted(Rendering rendering) && !isApplied(candidate, rendering, ledger)) {
                wanted.put(key(candidate), rendering);
            }
        });
        return wanted;
    }

    /** Of those whose credentials would take the place of others: what serves goes on with those until the new ones are proved. */
    private static Map<String, Trial> trials(Map<Candidate, Verdict> verdicts, Ledger ledger) {
        Map<String, Trial> trials = new LinkedHashMap<>();
        verdicts.forEach((candidate, verdict) -> {
            Ledger.Applied applied = ledger.assignments().get(candidate.assignment());
            if (applied != null
                    && verdict instanceof Accepted(Rendering rendering)
                    && !applied.credentials().equals(candidate.wanted(rendering).credentials())) {
                rendering.trial().ifPresent(trial -> trials.put(key(candidate), trial));
            }
        });
        return trials;
    }

    private static boolean isApplied(Candidate candidate, Rendering rendering, Ledger ledger) {
        Ledger.Applied applied = ledger.assignments().get(candidate.assignment());
        return applied != null
                && applied.holdsButForSlices(candidate.wanted(rendering).made());
    }

    private static String key(Candidate candidate) {
        return candidate.assignment() + (candidate.live() ? "/live" : "/staged");
    }
}
