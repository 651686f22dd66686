package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Layer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What happens to units: before files go, and after files are changed. */
final class UnitSteps {

    private final Situation there;
    private final Ledger intent;
    private final Set<String> removals;
    private final Map<String, Effect> effects;
    private final Set<String> changedPaths;

    UnitSteps(
            Situation there,
            Ledger intent,
            Set<String> removals,
            Map<String, Effect> effects,
            Set<String> changedPaths) {
        this.there = there;
        this.intent = intent;
        this.removals = removals;
        this.effects = effects;
        this.changedPaths = changedPaths;
    }

    /**
     * A mount that is to be mounted anew is unmounted before anything is written: while somebody uses it, nothing changes.
     * Payloads first: a mount that is busy then keeps everything that it has. Payloads again, since a trigger may have
     * started one just before it was stopped itself.
     */
    List<Step> stops() {
        List<Step.Unit> payloads = new ArrayList<>();
        List<Step.Unit> triggers = new ArrayList<>();
        intent.assignments().forEach((name, applied) -> {
            Set<String> stopping = new TreeSet<>(effects.containsKey(name) ? applied.retiring() : Set.of());
            if (removals.contains(name)) {
                stopping.addAll(List.of(applied.trigger(), applied.payload()));
            } else if (replaces(name) && applied.payload().endsWith(".mount") && there.isActive(applied.payload())) {
                stopping.add(applied.payload());
            }
            stopping.forEach(unit -> (isPayload(unit) ? payloads : triggers).add(new Step.Unit(name, unit)));
        });
        List<Step> steps = new ArrayList<>();
        if (!payloads.isEmpty()) {
            steps.add(new Step.Stop(payloads));
        }
        if (!triggers.isEmpty()) {
            steps.add(new Step.Stop(triggers));
            steps.add(new Step.Stop(payloads));
        }
        List<Step.Unit> helpers = helpers();
        if (!helpers.isEmpty()) {
            steps.add(new Step.Stop(helpers));
        }
        return steps;
    }

    /**
     * Services that go with the trigger of a removal: what they do when they stop is in their files, which go next. And those
     * of a mount without automount that is to be mounted anew, which start with it: systemd stops them with an automount.
     */
    private List<Step.Unit> helpers() {
        List<Step.Unit> helpers = new ArrayList<>();
        intent.assignments().forEach((name, applied) -> {
            boolean alone = effects.get(name) == Effect.RESTART_TRIGGER
                    && applied.payload().equals(applied.trigger());
            if (removals.contains(name) || alone) {
                helpersOf(applied).forEach(unit -> helpers.add(new Step.Unit(name, unit)));
            }
        });
        return helpers;
    }

    private static List<String> helpersOf(Applied applied) {
        return applied.entries().stream()
                .filter(made -> made.layer() == Layer.TRIGGER_UNIT)
                .map(made -> unitOf(made.path()))
                .filter(unit -> unit.endsWith(".service") && !unit.equals(applied.payload()))
                .toList();
    }

    private boolean replaces(String assignment) {
        return effects.getOrDefault(assignment, Effect.NONE).compareTo(Effect.REPLACE_PAYLOAD) >= 0;
    }

    private static boolean isPayload(String unit) {
        return unit.endsWith(".service") || unit.endsWith(".mount");
    }

    List<Step> changes() {
        List<Step> steps = new ArrayList<>();
        Set<String> touched = touchedUnits();
        if (!touched.isEmpty()) {
            steps.add(new Step.ReloadSystemd(touched));
        }
        List<Step.Unit> sockets = sockets();
        if (!sockets.isEmpty()) {
            steps.add(new Step.Adjust(sockets));
        }
        for (Effect effect : List.of(Effect.RELOAD_PAYLOAD, Effect.REPLACE_PAYLOAD, Effect.RESTART_TRIGGER)) {
            List<Step.Pair> pairs = pairs(effect);
            if (!pairs.isEmpty()) {
                steps.add(new Step.Act(effect, pairs));
            }
        }
        return steps;
    }

    private List<Step.Unit> sockets() {
        List<Step.Unit> sockets = new ArrayList<>();
        effects.forEach((name, effect) -> {
            String trigger =
                    Objects.requireNonNull(intent.assignments().get(name)).trigger();
            boolean listensOn = effect != Effect.NONE && effect != Effect.RESTART_TRIGGER;
            if (listensOn && trigger.endsWith(".socket") && !removals.contains(name)) {
                sockets.add(new Step.Unit(name, trigger));
            }
        });
        return sockets;
    }

    /** All units that may be loaded from a file that was changed. */
    private Set<String> touchedUnits() {
        Set<String> assignments = new HashSet<>(effects.keySet());
        assignments.addAll(removals);
        Set<String> units = new TreeSet<>(unitsOf(assignments));
        Stream.concat(changedPaths.stream(), unfinishedSlices())
                .map(UnitSteps::unitOf)
                .filter(unit -> !unit.isEmpty())
                .forEach(units::add);
        return units;
    }

    /** Those of an agent that was killed in the midst may be written, and not loaded. */
    private Stream<String> unfinishedSlices() {
        return effects.keySet().stream()
                .map(name -> there.ledger().assignments().get(name))
                .filter(before -> before != null && before.pending() != null)
                .flatMap(before -> before.entries().stream())
                .filter(made -> made.layer() == Layer.SLICE)
                .map(Ledger.Made::path);
    }

    private Set<String> unitsOf(Set<String> assignments) {
        Set<String> units = new TreeSet<>();
        for (String name : assignments) {
            Applied applied = Objects.requireNonNull(intent.assignments().get(name));
            units.addAll(List.of(applied.trigger(), applied.payload()));
            units.addAll(applied.retiring());
            units.addAll(helpersOf(applied));
        }
        return units;
    }

    /** The unit that a file belongs to; empty if it belongs to none, or to a template. */
    private static String unitOf(String path) {
        String[] parts = path.split("/", -1);
        String name = parts[parts.length - 1];
        if (name.endsWith(".conf") && parts.length > 1 && parts[parts.length - 2].endsWith(".d")) {
            String folder = parts[parts.length - 2];
            name = folder.substring(0, folder.length() - 2);
        }
        return name.matches(".*\\.(service|socket|mount|automount|slice)") && !name.contains("@.") ? name : "";
    }

    private List<Step.Pair> pairs(Effect effect) {
        List<Step.Pair> pairs = new ArrayList<>();
        effects.forEach((name, needed) -> {
            if (needed == effect) {
                Applied applied = Objects.requireNonNull(intent.assignments().get(name));
                pairs.add(new Step.Pair(name, applied.trigger(), applied.payload()));
            }
        });
        return pairs;
    }

    /**
     * Triggers that are new or changed, and those that are to be active and are not; then the payloads that served
     * before the change. That another revision's payload has failed is forgotten first, and what is gone at the end.
     */
    List<Step> starts() {
        List<Step.Unit> triggers = new ArrayList<>();
        List<Step.Unit> payloads = new ArrayList<>();
        intent.assignments().forEach((name, applied) -> {
            boolean rests = there.resting().contains(name) || there.resting().contains(applied.trigger());
            boolean down = !there.isActive(applied.trigger()) && !rests;
            if (!removals.contains(name) && (effects.containsKey(name) || down)) {
                triggers.add(new Step.Unit(name, applied.trigger()));
            }
            if (!removals.contains(name) && effects.containsKey(name) && isToServe(name, applied)) {
                payloads.add(new Step.Unit(name, applied.payload()));
            }
        });
        List<Step> steps = new ArrayList<>();
        Set<String> failed = failedPayloads();
        if (!failed.isEmpty()) {
            steps.add(new Step.Forget(failed));
        }
        Stream.of(triggers, payloads)
                .filter(units -> !units.isEmpty())
                .map(Step.Start::new)
                .forEach(steps::add);
        if (!removals.isEmpty()) {
            steps.add(new Step.Forget(unitsOf(removals)));
        }
        return steps;
    }

    /** A mount that has failed did so with the credentials of before, too. */
    private Set<String> failedPayloads() {
        return effects.keySet().stream()
                .filter(name -> !removals.contains(name))
                .filter(name -> replaces(name) || payload(name).endsWith(".mount"))
                .map(this::payload)
                .filter(payload -> there.unit(payload).isFailed())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String payload(String assignment) {
        return Objects.requireNonNull(intent.assignments().get(assignment)).payload();
    }

    private boolean isToServe(String assignment, Applied applied) {
        return !applied.payload().equals(applied.trigger())
                && applied.proof() != null
                && applied.proof().served().contains(applied.payload())
                && (replaces(assignment) || !there.isActive(applied.payload()));
    }
}
