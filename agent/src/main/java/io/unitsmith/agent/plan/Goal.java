package io.unitsmith.agent.plan;

import io.unitsmith.agent.workload.Rendering.Entry;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be reached. Whatever the ledger lists besides stays as it is.
 *
 * @param wanted to be enforced; where two want the same path, the first has it
 * @param removals assignments to take off the host
 */
public record Goal(List<Wanted> wanted, Set<String> removals) {

    /** Every path that a plan for this has to know of. */
    public Set<String> paths(Ledger ledger) {
        Set<String> paths = new HashSet<>();
        wanted.stream()
                .map(one -> one.rendering().entries())
                .flatMap(Collection::stream)
                .map(Entry::path)
                .forEach(paths::add);
        ledger.assignments().values().forEach(applied -> applied.entries().forEach(made -> paths.add(made.path())));
        return paths;
    }

    /** Every unit that a plan for this has to know of. */
    public Set<String> units(Ledger ledger) {
        Set<String> units = new HashSet<>();
        wanted.forEach(one ->
                units.addAll(List.of(one.rendering().trigger(), one.rendering().payload())));
        ledger.assignments().values().forEach(applied -> units.addAll(List.of(applied.trigger(), applied.payload())));
        return units;
    }
}
