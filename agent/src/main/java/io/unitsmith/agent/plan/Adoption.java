package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.unit.UnitFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes over unit files of somebody else's: from then on they count as an earlier revision's, so that the next plan
 * replaces them, and ends what runs from them, as it does with any change.
 */
public final class Adoption {

    private static final String UNITS = UnitFile.FOLDER + "/";

    private Adoption() {}

    /** Whether what is at this path, in the way of a rendering, can be taken over. */
    public static boolean isPossible(String path, Found found) {
        return path.startsWith(UNITS) && (found instanceof Found.RegularFile || found instanceof Found.SymbolicLink);
    }

    /** The unit files that a mount at a rendering's path may have, whoever made them. */
    public static Set<String> units(Wanted one) {
        String payload = one.rendering().payload();
        String name = payload.substring(0, payload.lastIndexOf('.'));
        return new TreeSet<>(Set.of(name + ".mount", name + ".automount"));
    }

    /**
     * What the ledger says from now on.
     *
     * @param before what it says so far; null for a new workload
     * @param paths the unit files and links that are taken over
     */
    public static Applied of(@Nullable Applied before, Wanted one, Set<String> paths) {
        Set<String> units = new TreeSet<>(units(one));
        units.removeIf(unit -> !paths.contains(UNITS + unit));
        String trigger = units.stream()
                .filter(unit -> unit.endsWith(".automount"))
                .findFirst()
                .orElse(one.rendering().payload());
        List<Made> entries = new ArrayList<>(before == null ? List.of() : before.entries());
        paths.forEach(path -> entries.add(Rebuild.made(path, trigger)));
        if (before == null) {
            return new Applied(
                    one.workload(),
                    null,
                    null,
                    trigger,
                    one.rendering().payload(),
                    one.claims(),
                    entries,
                    Set.of(),
                    null,
                    null);
        }
        Set<String> retiring = new TreeSet<>(before.retiring());
        retiring.addAll(units);
        retiring.removeAll(List.of(before.trigger(), before.payload()));
        return before.underWay(entries, retiring, before.pending());
    }
}
