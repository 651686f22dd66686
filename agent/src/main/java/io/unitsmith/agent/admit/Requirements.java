package io.unitsmith.agent.admit;

import io.unitsmith.agent.admit.Verdict.Accepted;
import io.unitsmith.agent.admit.Verdict.Rejected;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Workload.Requirement;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What workloads of one host require of each other: a pool its mounts. */
public final class Requirements {

    private Requirements() {}

    /**
     * The units of what can be required, by {@code namespace/name}: those of live revisions, else of staged ones. What is
     * to be removed counts for as long as it is there.
     */
    public static Map<String, String> units(Collection<Candidate> candidates, DesiredState desired, Ledger ledger) {
        Map<String, String> units = new HashMap<>();
        for (boolean live : List.of(false, true)) {
            candidates.stream()
                    .filter(one -> one.live() == live)
                    .forEach(one -> one.workload().offers().ifPresent(unit -> units.put(key(one.reference()), unit)));
        }
        for (Assignment assignment : desired.assignments().values()) {
            @Nullable Applied applied = ledger.assignments().get(assignment.name());
            if (assignment.remove()
                    && applied != null
                    && assignment.workload().kind().equals("RemoteMount")) {
                units.put(key(assignment.workload()), applied.trigger());
            }
        }
        return units;
    }

    private static String key(WorkloadReference workload) {
        return HostFacts.mountKey(workload.namespace(), workload.name());
    }

    /** The removals that have to wait, by assignment: something in force requires what is to go. */
    public static Map<String, Problem> kept(Collection<Candidate> candidates, DesiredState desired, Ledger ledger) {
        Map<String, Problem> kept = new HashMap<>();
        for (Candidate candidate : candidates) {
            if (candidate.live() && ledger.assignments().containsKey(candidate.assignment())) {
                for (Requirement requirement : candidate.workload().requires()) {
                    desired.assignments().values().stream()
                            .filter(Assignment::remove)
                            .filter(assignment -> requirement.isMetBy(assignment.workload()))
                            .forEach(assignment -> kept.put(assignment.name(), needed(candidate)));
                }
            }
        }
        return kept;
    }

    private static Problem needed(Candidate by) {
        return Problem.of(
                Reason.MOUNT_BUSY,
                null,
                "%s requires it: take it out of spec.requiresMounts there, or delete that pool"
                        .formatted(Header.title(by.reference())));
    }

    /** What stands against a revision because of those that it requires; a live one requires live ones. */
    static Optional<Problem> unmet(Candidate candidate, Map<Candidate, Verdict> verdicts) {
        return candidate.workload().requires().stream()
                .map(requirement -> unmet(requirement, candidate.live(), verdicts))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Problem> unmet(Requirement requirement, boolean live, Map<Candidate, Verdict> verdicts) {
        List<Candidate> offers = verdicts.keySet().stream()
                .filter(offer -> requirement.isMetBy(offer.reference()))
                .toList();
        List<Verdict> counting = offers.stream()
                .filter(offer -> offer.live() || !live)
                .map(verdicts::get)
                .toList();
        // one that is to be removed is no candidate, and there still
        if (offers.isEmpty() || counting.stream().anyMatch(Accepted.class::isInstance)) {
            return Optional.empty();
        }
        return counting.stream()
                .filter(Rejected.class::isInstance)
                .map(Rejected.class::cast)
                .map(rejected -> "%s is refused on this host: %s"
                        .formatted(requirement, rejected.problems().getFirst().text()))
                .findFirst()
                .or(() -> Optional.of("%s is not live on this host yet: the pool follows it".formatted(requirement)))
                .map(message -> Problem.of(Reason.MOUNT_UNAVAILABLE, requirement.field(), message));
    }
}
