package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.plan.Ledger.Proof;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the fewest steps from what is there to what is wanted, in an order that leaves nothing half working. */
public final class Planner {

    private final Situation there;
    private final Ledger ledger;
    private final Map<String, Problem> conflicts = new TreeMap<>();
    /** Accepted and without a conflict, by assignment. */
    private final Map<String, Wanted> wanted = new TreeMap<>();

    private final Set<String> removals = new TreeSet<>();
    /** Every path that is wanted. */
    private final Map<String, Entry> entries = new HashMap<>();

    private final Map<String, Set<String>> wantedBy = new HashMap<>();
    private final List<Step.Write> writes = new ArrayList<>();
    private final Map<String, Step.Delete> deletes = new TreeMap<>();
    /** What the units of an assignment need; one that is not in it needs nothing. */
    private final Map<String, Effect> effects = new TreeMap<>();

    private Planner(Goal goal, Situation there) {
        this.there = there;
        this.ledger = there.ledger();
        goal.removals().stream().filter(ledger.assignments()::containsKey).forEach(removals::add);
        goal.wanted().forEach(this::accept);
    }

    public static Plan plan(Goal goal, Situation there) {
        return new Planner(goal, there).plan();
    }

    private void accept(Wanted one) {
        for (Entry entry : one.rendering().entries()) {
            @Nullable String obstacle = obstacle(entry);
            if (obstacle != null) {
                conflicts.put(one.assignment(), Problem.of(Reason.CONFLICT, null, obstacle));
                return;
            }
        }
        wanted.put(one.assignment(), one);
        for (Entry entry : one.rendering().entries()) {
            entries.put(entry.path(), entry);
            wantedBy.computeIfAbsent(entry.path(), path -> new TreeSet<>()).add(one.assignment());
        }
    }

    private @Nullable String obstacle(Entry entry) {
        @Nullable Entry other = entries.get(entry.path());
        return other == null || other.equals(entry)
                ? Obstacles.at(entry.path(), ledger, there.at(entry.path()), false)
                : entry.path() + " is wanted by another workload of this host";
    }

    private Plan plan() {
        findWrites();
        findDeletes();
        findEffects();
        Map<String, Applied> outcomes = new TreeMap<>();
        effects.forEach(
                (name, effect) -> outcomes.put(name, outcome(name).proving(isTrusted(name) ? null : proof(name))));
        Ledger intent = intent();
        List<UnitImpact> impacts = Impacts.of(there, intent.assignments(), removals, effects);
        return new Plan(intent, steps(intent), conflicts, outcomes, impacts, removals);
    }

    private void findWrites() {
        entries.values().stream()
                .filter(entry -> !there.has(entry))
                .sorted(Comparator.comparing(Entry::layer).thenComparing(Entry::path))
                .forEach(
                        entry -> writes.add(new Step.Write(Objects.requireNonNull(wantedBy.get(entry.path())), entry)));
    }

    /** What removals and newer revisions leave behind, except for what somebody else still has. */
    private void findDeletes() {
        Set<String> keptPaths = new HashSet<>(entries.keySet());
        ledger.assignments().forEach((name, applied) -> {
            if (!removals.contains(name) && !wanted.containsKey(name)) {
                applied.entries().forEach(made -> keptPaths.add(made.path()));
            }
        });
        ledger.assignments().forEach((name, applied) -> {
            if (removals.contains(name) || wanted.containsKey(name)) {
                applied.entries().stream()
                        .filter(made -> !keptPaths.contains(made.path()))
                        .filter(made -> !(there.at(made.path()) instanceof Found.Nothing))
                        .forEach(made -> deletes.computeIfAbsent(
                                        made.path(), path -> new Step.Delete(new TreeSet<>(), made))
                                .assignments()
                                .add(name));
            }
        });
    }

    private void findEffects() {
        Map<String, Effect> changed = new HashMap<>();
        writes.forEach(write -> changed.put(write.entry().path(), write.entry().effect()));
        deletes.values()
                .forEach(delete ->
                        changed.put(delete.entry().path(), delete.entry().effect()));
        wanted.forEach((name, one) -> {
            @Nullable Applied applied = ledger.assignments().get(name);
            if (applied == null
                    || !outcome(name).equals(applied.proving(null))
                    || one.rendering().entries().stream().anyMatch(entry -> changed.containsKey(entry.path()))) {
                effects.put(name, Effect.NONE);
                one.rendering().entries().forEach(entry -> raise(name, changed.get(entry.path())));
            }
        });
        ledger.assignments().forEach((name, applied) -> {
            if (!removals.contains(name) && !there.resting().contains(name)) {
                raise(name, applied.pending());
                applied.entries().forEach(made -> raise(name, changed.get(made.path())));
            }
        });
    }

    private void raise(String assignment, @Nullable Effect effect) {
        if (effect != null) {
            effects.merge(assignment, effect, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
    }

    /** What the ledger says once all is done and proved. */
    private Applied outcome(String name) {
        @Nullable Wanted one = wanted.get(name);
        if (one == null) {
            Applied kept = Objects.requireNonNull(ledger.assignments().get(name));
            return kept.underWay(kept.entries(), Set.of(), null).proving(null);
        }
        return new Applied(
                one.workload(),
                one.revision(),
                one.secret(),
                one.rendering().trigger(),
                one.rendering().payload(),
                one.claims(),
                one.made(),
                Set.of(),
                null,
                null,
                one.rendering().unmount());
    }

    private boolean isTrusted(String name) {
        @Nullable Wanted one = wanted.get(name);
        return one != null && one.trusted();
    }

    /** What served before this change, or before those that have not proved themselves yet, has to serve after it. */
    private Proof proof(String name) {
        @Nullable Applied before = ledger.assignments().get(name);
        Set<String> served = new TreeSet<>();
        if (before != null) {
            Stream.of(before.trigger(), before.payload())
                    .filter(there::isActive)
                    .forEach(served::add);
            if (before.proof() != null) {
                served.addAll(before.proof().served());
            }
        }
        return new Proof(there.now().toString(), served, image(name));
    }

    /** Only a reload keeps the process; it has to show that it has executed itself anew. */
    private @Nullable String image(String name) {
        @Nullable Applied before = ledger.assignments().get(name);
        return before != null && effects.get(name) == Effect.RELOAD_PAYLOAD
                ? there.images().get(before.payload())
                : null;
    }

    /** Everything that may be there while the steps are under way: what was, and what is to be. */
    private Ledger intent() {
        Map<String, Applied> assignments = new HashMap<>(ledger.assignments());
        effects.forEach((name, effect) -> {
            Applied next = outcome(name);
            @Nullable Applied before = ledger.assignments().get(name);
            Map<String, Made> made = new LinkedHashMap<>();
            if (before != null) {
                before.entries().forEach(entry -> made.put(entry.path(), entry));
            }
            next.entries().forEach(entry -> made.put(entry.path(), entry));
            assignments.put(
                    name,
                    next.underWay(List.copyOf(made.values()), retiring(name), effect)
                            .inForce(before == null ? null : before.revision(), before == null ? null : before.secret())
                            .proving(proof(name)));
        });
        return new Ledger(Ledger.VERSION, assignments, ledger.folders());
    }

    private Set<String> retiring(String name) {
        @Nullable Applied before = ledger.assignments().get(name);
        Set<String> retiring = new TreeSet<>();
        if (before != null) {
            Applied next = outcome(name);
            retiring.addAll(before.retiring());
            retiring.addAll(List.of(before.trigger(), before.payload()));
            // one that goes from payload to trigger, or back, has to stop as well
            if (before.trigger().equals(next.trigger()) && before.payload().equals(next.payload())) {
                retiring.removeAll(List.of(next.trigger(), next.payload()));
            }
        }
        return retiring;
    }

    private List<Step> steps(Ledger intent) {
        Set<String> changed = new TreeSet<>(deletes.keySet());
        writes.forEach(write -> changed.add(write.entry().path()));
        var units = new UnitSteps(there, intent, removals, effects, changed);
        List<Step> steps = new ArrayList<>(units.stops());
        addDeletes(steps, this::isRemoval);
        steps.addAll(writes);
        addDeletes(steps, delete -> !isRemoval(delete) && !isRead(delete));
        steps.addAll(units.changes());
        addDeletes(steps, delete -> !isRemoval(delete) && isRead(delete));
        steps.addAll(units.starts());
        return List.copyOf(steps);
    }

    private void addDeletes(List<Step> steps, Predicate<Step.Delete> which) {
        deletes.values().stream()
                .filter(which)
                .sorted(Comparator.comparing(
                                (Step.Delete delete) -> delete.entry().layer())
                        .reversed())
                .forEach(steps::add);
    }

    private boolean isRemoval(Step.Delete delete) {
        return removals.containsAll(delete.assignments());
    }

    /** Whether the process that still runs, or one that is started meanwhile, may read it, or is bounded by it: such a file goes when they are gone. */
    private static boolean isRead(Step.Delete delete) {
        return delete.entry().layer().compareTo(Layer.SLICE) <= 0;
    }
}
