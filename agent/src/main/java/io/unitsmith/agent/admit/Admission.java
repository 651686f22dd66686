package io.unitsmith.agent.admit;

import io.unitsmith.agent.admit.Verdict.Accepted;
import io.unitsmith.agent.admit.Verdict.Rejected;
import io.unitsmith.agent.apply.Checks;
import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.MountTable;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Planner;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges revisions. Nothing live is touched by it. */
public final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Ceiling ceiling;
    private final Disk disk;
    private final MountTable mounts;
    private final CheckBook checks;

    public Admission(Ceiling ceiling, Disk disk, MountTable mounts, Checks checks, Clock clock) {
        this.ceiling = ceiling;
        this.disk = disk;
        this.mounts = mounts;
        this.checks = new CheckBook(checks, clock);
    }

    /** Judges all candidates of a moment together, since they may want the same. In the order of precedence. */
    public Map<Candidate, Verdict> judge(List<Candidate> candidates, HostFacts facts, Ledger ledger)
            throws IOException {
        Map<Candidate, Verdict> verdicts = new LinkedHashMap<>();
        ClaimBook claims = new ClaimBook(ledger);
        candidates.stream().sorted(precedence(ledger)).forEach(candidate -> {
            Verdict verdict = render(candidate, facts);
            verdicts.put(
                    candidate,
                    verdict instanceof Accepted(Rendering rendering)
                            ? conflict(candidate, rendering, claims, ledger)
                                    .<Verdict>map(Rejected::new)
                                    .orElse(verdict)
                            : verdict);
        });
        check(verdicts, facts, ledger);
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

    private Optional<Problem> conflict(Candidate candidate, Rendering rendering, ClaimBook claims, Ledger ledger) {
        Optional<Problem> taken = claims.take(candidate, rendering);
        if (taken.isPresent()) {
            return taken;
        }
        Set<String> paths = rendering.entries().stream().map(Entry::path).collect(Collectors.toSet());
        Optional<Problem> obstacle = Planner.obstacle(rendering, ledger, disk.look(paths));
        if (obstacle.isPresent() || ledger.assignments().containsKey(candidate.assignment())) {
            return obstacle;
        }
        return candidate.workload().claims().mountPoints().stream()
                .filter(claim -> mounts.isMounted(claim.value()))
                .map(Admission::mounted)
                .findFirst();
    }

    private static Problem mounted(Claim claim) {
        return Problem.of(
                Reason.CONFLICT,
                claim.field(),
                "something is mounted at %s already, and not by Unitsmith: unmount it, or choose another path"
                        .formatted(claim.value()));
    }

    /** What is applied already, exactly so, is not checked again. */
    private void check(Map<Candidate, Verdict> verdicts, HostFacts facts, Ledger ledger) throws IOException {
        Map<String, Check> wanted = new HashMap<>();
        verdicts.forEach((candidate, verdict) -> {
            if (verdict instanceof Accepted(Rendering rendering)
                    && rendering.check().isPresent()
                    && !isApplied(candidate, rendering, ledger)) {
                wanted.put(key(candidate), rendering.check().get());
            }
        });
        Map<String, Problem> problems = checks.judge(wanted, facts);
        verdicts.replaceAll((candidate, verdict) -> {
            Problem problem = problems.get(key(candidate));
            return problem == null ? verdict : new Rejected(problem);
        });
    }

    private static boolean isApplied(Candidate candidate, Rendering rendering, Ledger ledger) {
        Ledger.Applied applied = ledger.assignments().get(candidate.assignment());
        return applied != null && applied.holds(candidate.wanted(rendering).made());
    }

    private static String key(Candidate candidate) {
        return candidate.assignment() + (candidate.live() ? "/live" : "/staged");
    }
}
