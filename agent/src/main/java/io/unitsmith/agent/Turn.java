package io.unitsmith.agent;

import io.unitsmith.agent.admit.Candidate;
import io.unitsmith.agent.admit.Verdict;
import io.unitsmith.agent.drift.Drift;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.usage.Metrics;
import io.unitsmith.agent.usage.Usage;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one turn of the agent has come to.
 *
 * @param verdicts on every revision, live and staged
 * @param preview what the accepted staged revisions would do
 * @param failures why an accepted revision, or a removal, is not in force as it should be
 * @param drifts of what is in force, as it was found before it was put right
 * @param units the state of the units of everything in the ledger, afterwards
 * @param usages of payloads, by unit
 * @param sights of payloads that are mounted, by unit
 */
public record Turn(
        DesiredState desired,
        HostFacts facts,
        Map<Candidate, Verdict> verdicts,
        Plan preview,
        Map<String, Problem> failures,
        Map<String, Drift> drifts,
        Ledger ledger,
        Map<String, UnitState> units,
        Map<String, Usage> usages,
        Map<String, Sight> sights) {

    /** One of the two revisions of an assignment. */
    record Key(String assignment, boolean live) {}

    Map<Key, Candidate> candidates() {
        return verdicts.keySet().stream()
                .collect(Collectors.toMap(one -> new Key(one.assignment(), one.live()), one -> one));
    }

    /** What there is to count: everything in force, with what its status says. */
    List<Metrics.Subject> subjects(Map<String, HostAssignmentStatus> statuses) {
        List<Metrics.Subject> subjects = new ArrayList<>();
        ledger.assignments().forEach((name, applied) -> {
            @Nullable HostAssignmentStatus status = statuses.get(name);
            if (status != null && status.live() != null) {
                subjects.add(new Metrics.Subject(applied.workload(), status.live(), usages.get(applied.payload())));
            }
        });
        return subjects;
    }

    UnitState unit(String name) {
        return units.getOrDefault(name, UnitState.absent(name));
    }
}
