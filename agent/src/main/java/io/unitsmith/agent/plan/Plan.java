package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The way from what is there to what is wanted.
 *
 * @param intent the ledger to write before the first step
 * @param steps in order; empty if nothing has to be done
 * @param conflicts assignments that cannot be had, since something of somebody else's is in the way; the steps leave them alone
 * @param outcomes what the ledger is to say of an assignment once all its steps are done; those to be removed are not in it
 * @param impacts what the steps do to units; of every assignment that is changed or removed
 * @param removed assignments that are gone once all their steps are done
 */
public record Plan(
        Ledger intent,
        List<Step> steps,
        Map<String, Problem> conflicts,
        Map<String, Applied> outcomes,
        List<UnitImpact> impacts,
        Set<String> removed) {

    /** Nothing to do. */
    public static final Plan NOTHING = new Plan(Ledger.EMPTY, List.of(), Map.of(), Map.of(), List.of(), Set.of());

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

    /** The units that are started, if they are not active. */
    public Set<String> started() {
        return steps.stream()
                .flatMap(step -> step instanceof Step.Start start ? start.units().stream() : Stream.of())
                .map(Step.Unit::name)
                .collect(Collectors.toSet());
    }

    /** The most that happens to a unit of this assignment. */
    public Impact impact(String assignment) {
        return impacts.stream()
                .filter(one -> one.assignment().equals(assignment))
                .map(UnitImpact::impact)
                .max(Comparator.naturalOrder())
                .orElse(Impact.NONE);
    }

    /** What is done for this assignment, a line each: to units that run, and to files. */
    public List<String> summary(String assignment) {
        Stream<String> units = impacts.stream()
                .filter(one -> one.assignment().equals(assignment) && one.impact() != Impact.NONE)
                .map(one -> one.impact().text() + " " + one.unit());
        Stream<String> files = steps.stream().flatMap(step -> switch (step) {
            case Step.Write write
            when write.assignments().contains(assignment) ->
                Stream.of("write " + write.entry().path());
            case Step.Delete delete
            when delete.assignments().contains(assignment) ->
                Stream.of("delete " + delete.entry().path());
            default -> Stream.of();
        });
        return Stream.concat(units, files).toList();
    }
}
