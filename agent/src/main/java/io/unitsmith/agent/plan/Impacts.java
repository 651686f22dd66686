package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.workload.Rendering.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Declares what a plan does to units that run. */
final class Impacts {

    private final Situation there;

    private Impacts(Situation there) {
        this.there = there;
    }

    /**
     * For each changed or removed assignment its trigger and its payload, those that are one and the same once.
     *
     * @param intent says which units an assignment has
     */
    static List<UnitImpact> of(
            Situation there, Map<String, Applied> intent, Set<String> removals, Map<String, Effect> effects) {
        var impacts = new Impacts(there);
        List<UnitImpact> all = new ArrayList<>();
        intent.forEach((name, applied) -> {
            for (String unit :
                    Stream.of(applied.trigger(), applied.payload()).distinct().toList()) {
                if (removals.contains(name)) {
                    all.add(impacts.removed(name, unit));
                } else if (effects.containsKey(name)) {
                    all.add(impacts.changed(name, unit, applied, effects.get(name)));
                }
            }
            if (effects.containsKey(name) && !removals.contains(name)) {
                applied.retiring().forEach(unit -> all.add(impacts.removed(name, unit)));
            }
        });
        return List.copyOf(all);
    }

    private UnitImpact removed(String assignment, String unit) {
        return there.isActive(unit)
                ? new UnitImpact(assignment, unit, Impact.STOP, stopNotice(unit))
                : new UnitImpact(assignment, unit, Impact.NONE, "it does not run");
    }

    private UnitImpact changed(String assignment, String unit, Applied applied, Effect effect) {
        if (!there.isActive(unit)) {
            String notice = unit.equals(applied.trigger()) ? "it is started" : "it does not run";
            return new UnitImpact(assignment, unit, Impact.NONE, notice);
        }
        boolean trigger = unit.equals(applied.trigger());
        boolean hit = trigger ? effect == Effect.RESTART_TRIGGER : effect.compareTo(Effect.REPLACE_PAYLOAD) >= 0;
        if (hit) {
            return unit.endsWith(".mount")
                    ? new UnitImpact(assignment, unit, Impact.REMOUNT, restartNotice(unit))
                    : new UnitImpact(assignment, unit, Impact.RESTART, restartNotice(unit));
        }
        return !trigger && effect == Effect.RELOAD_PAYLOAD
                ? new UnitImpact(
                        assignment,
                        unit,
                        Impact.RELOAD,
                        "no request is lost: new ones wait until those under way have ended")
                : new UnitImpact(assignment, unit, Impact.NONE, quietNotice(unit, effect));
    }

    private static String quietNotice(String unit, Effect effect) {
        return unit.endsWith(".socket") && effect == Effect.ADJUST_TRIGGER
                ? "nobody is refused: group and mode are changed while it listens, a backlog counts from the next boot"
                : "nobody notices";
    }

    private static String stopNotice(String unit) {
        return switch (suffix(unit)) {
            case "service" -> "requests under way end first";
            case "socket" -> "connections are refused from then on";
            case "mount" -> "it is unmounted, once nobody uses it";
            default -> "accesses find the empty folder from then on";
        };
    }

    private static String restartNotice(String unit) {
        return switch (suffix(unit)) {
            case "service" -> "no request is lost: those under way end first, new ones wait in the socket";
            case "socket" -> "connections are refused for some milliseconds";
            case "mount" -> "it is unmounted, once nobody uses it, and mounted again";
            default -> "an access in between finds the empty folder";
        };
    }

    private static String suffix(String unit) {
        return unit.substring(unit.lastIndexOf('.') + 1);
    }
}
