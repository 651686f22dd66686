package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The way from what is there to what is wanted.
 *
 * @param intent the ledger to write before the first step
 * @param steps in order; empty if nothing has to be done
 * @param conflicts assignments that cannot be had, since something of somebody else's is in the way; the steps leave them alone
 * @param outcomes what the ledger is to say of an assignment once all its steps are done; those to be removed are not in it
 * @param removed assignments that are gone once all their steps are done
 */
public record Plan(
        Ledger intent,
        List<Step> steps,
        Map<String, Problem> conflicts,
        Map<String, Applied> outcomes,
        Set<String> removed) {

    /** The ledger after the steps, of which those of these assignments did not all succeed. */
    public Ledger commit(Set<String> failed) {
        Map<String, Applied> assignments = new HashMap<>(intent.assignments());
        outcomes.forEach((name, applied) -> {
            if (!failed.contains(name)) {
                assignments.put(name, applied);
            }
        });
        removed.stream().filter(name -> !failed.contains(name)).forEach(assignments::remove);
        return new Ledger(Ledger.VERSION, assignments, intent.folders());
    }
}
