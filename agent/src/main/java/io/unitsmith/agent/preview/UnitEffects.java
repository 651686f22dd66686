package io.unitsmith.agent.preview;

import io.unitsmith.agent.preview.Preview.UnitAction;
import io.unitsmith.agent.preview.Preview.UnitEffect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What actions come to, unit by unit, and what clients notice. */
final class UnitEffects {

    private final Map<String, Set<String>> actions = new LinkedHashMap<>();

    private UnitEffects(List<UnitAction> all) {
        all.forEach(one ->
                actions.computeIfAbsent(one.unit(), unit -> new TreeSet<>()).add(one.action()));
    }

    static List<UnitEffect> of(List<UnitAction> actions) {
        var effects = new UnitEffects(actions);
        return effects.actions.keySet().stream().map(effects::effect).collect(Collectors.toUnmodifiableList());
    }

    private UnitEffect effect(String unit) {
        Set<String> done = actions.getOrDefault(unit, Set.of());
        if (done.contains("reload")) {
            return new UnitEffect(unit, "reload", "no request is lost: new ones wait until those under way have ended");
        }
        boolean returns = done.contains("start") || done.contains("restart") || isTriggered(unit);
        if (done.equals(Set.of("start"))) {
            return new UnitEffect(unit, "none", "it is started");
        }
        if (!returns) {
            return new UnitEffect(unit, "stop", stopNotice(unit));
        }
        return new UnitEffect(unit, unit.endsWith(".mount") ? "remount" : "restart", restartNotice(unit));
    }

    /** Whether its socket or its automount stays, which brings it back. */
    private boolean isTriggered(String unit) {
        String name = unit.substring(0, unit.lastIndexOf('.') + 1);
        String trigger =
                unit.endsWith(".service") ? name + "socket" : unit.endsWith(".mount") ? name + "automount" : "";
        return !trigger.isEmpty() && !actions.getOrDefault(trigger, Set.of()).contains("stop");
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
