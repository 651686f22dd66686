package io.unitsmith.agent.plan;

import io.unitsmith.agent.unit.UnitState;
import java.util.Map;
import java.util.Set;

/**
 * What is there.
 *
 * @param disk what is at each of {@link Goal#paths}
 * @param units the state of each of {@link Goal#units}
 * @param uids the users that files are to be readable by
 * @param resting units and assignments that were tried in vain a moment ago, to be left alone for now
 */
public record Situation(
        Ledger ledger,
        Map<String, Found> disk,
        Map<String, UnitState> units,
        Map<String, Long> uids,
        Set<String> resting) {

    Found at(String path) {
        return disk.getOrDefault(path, new Found.Nothing());
    }

    boolean isActive(String unit) {
        UnitState state = units.getOrDefault(unit, UnitState.absent(unit));
        return state.isActive() || state.activeState().equals("activating");
    }
}
