package io.unitsmith.agent.plan;

import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.Names;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is there.
 *
 * @param disk what is at each of {@link Goal#paths}
 * @param units the state of each of {@link Goal#units}
 * @param uids the users that files are to be readable by
 * @param images of the processes of services: changes whenever another program, or the same one anew, is executed
 * @param resting units and assignments that were tried in vain a moment ago, to be left alone for now
 */
public record Situation(
        Ledger ledger,
        Map<String, Found> disk,
        Map<String, UnitState> units,
        Map<String, String> images,
        Map<String, Long> uids,
        Set<String> resting,
        Instant now) {

    /** The same, as another ledger has it, with others to be left alone. */
    public Situation with(Ledger ledgerThen, Set<String> restingThen) {
        return new Situation(ledgerThen, disk, units, images, uids, restingThen, now);
    }

    public Found at(String path) {
        return disk.getOrDefault(path, new Found.Nothing());
    }

    /** Whether what is at its path is just what is wanted there. */
    public boolean has(Entry entry) {
        Found wanted = switch (entry) {
            case Link link -> new Found.SymbolicLink(link.target());
            case File file -> new Found.RegularFile(Names.hash(file.content()), file.mode(), true, reader(file));
        };
        return at(entry.path()).equals(wanted);
    }

    /** The user, besides its owner, who is to read the file. */
    public @Nullable Long reader(File file) {
        return file.readableBy() == null ? null : uids.get(file.readableBy());
    }

    public UnitState unit(String name) {
        return units.getOrDefault(name, UnitState.absent(name));
    }

    public boolean isActive(String unit) {
        UnitState state = unit(unit);
        return state.isActive() || state.activeState().equals("activating");
    }
}
