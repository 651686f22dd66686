package io.unitsmith.agent.preview;

import io.unitsmith.agent.plan.Step;
import io.unitsmith.agent.plan.Step.Pair;
import io.unitsmith.agent.plan.Step.Unit;
import io.unitsmith.agent.preview.Preview.UnitAction;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering.Effect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Goes through the steps of a plan as systemd would be asked to, and keeps book of what runs. */
final class UnitActions {

    private final Map<String, String> states = new HashMap<>();
    private final List<UnitAction> actions = new ArrayList<>();

    private UnitActions(Map<String, UnitState> units) {
        units.forEach((name, state) -> states.put(name, state.activeState()));
    }

    static List<UnitAction> of(List<Step> steps, Map<String, UnitState> units) {
        var actions = new UnitActions(units);
        steps.forEach(actions::take);
        return List.copyOf(actions.actions);
    }

    private void take(Step step) {
        switch (step) {
            case Step.Stop stop -> stop.units().forEach(unit -> stop(unit.name()));
            case Step.Start start -> start.units().stream().map(Unit::name).forEach(this::start);
            case Step.Act act -> act.pairs().forEach(pair -> act(act.effect(), pair));
            case Step.Write write -> {}
            case Step.Delete delete -> {}
            case Step.Adjust adjust -> {}
            case Step.ReloadSystemd reload -> {}
            case Step.Forget forget -> {}
        }
    }

    private void act(Effect effect, Pair pair) {
        if (effect == Effect.RELOAD_PAYLOAD) {
            if (isActive(pair.payload())) {
                actions.add(new UnitAction("reload", pair.payload()));
            }
            return;
        }
        stop(pair.payload());
        if (effect == Effect.RESTART_TRIGGER && !pair.trigger().equals(pair.payload()) && !isDown(pair.trigger())) {
            actions.add(new UnitAction("restart", pair.trigger()));
        }
    }

    private void stop(String unit) {
        if (!isDown(unit)) {
            actions.add(new UnitAction("stop", unit));
            states.put(unit, "inactive");
        }
    }

    private void start(String unit) {
        if (!isActive(unit)) {
            actions.add(new UnitAction("start", unit));
            states.put(unit, "active");
        }
    }

    private boolean isActive(String unit) {
        String state = states.getOrDefault(unit, "inactive");
        return state.equals("active") || state.equals("reloading");
    }

    private boolean isDown(String unit) {
        String state = states.getOrDefault(unit, "inactive");
        return state.equals("inactive") || state.equals("failed");
    }
}
