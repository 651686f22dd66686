package io.unitsmith.agent.plan;

import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is where a workload's files have to be, and is somebody else's. */
public final class Obstacles {

    private Obstacles() {}

    /**
     * What is in the way of a rendering.
     *
     * @param disk what is at each of its paths
     * @param adopts whether it takes over what it can
     */
    public static Optional<Problem> of(Rendering rendering, Ledger ledger, Map<String, Found> disk, boolean adopts) {
        return rendering.entries().stream()
                .flatMap(entry -> Stream.ofNullable(
                        at(entry.path(), ledger, disk.getOrDefault(entry.path(), new Found.Nothing()), adopts)))
                .map(text -> Problem.of(Reason.CONFLICT, null, text))
                .findFirst();
    }

    /** What is in the way at this path, and what to do; null if nothing is. */
    static @Nullable String at(String path, Ledger ledger, Found found, boolean adopts) {
        if (found instanceof Found.Other(String what)) {
            return path + " is " + what + ": move it away";
        }
        if (found instanceof Found.Nothing || ledger.owns(path) || (adopts && Adoption.isPossible(path, found))) {
            return null;
        }
        String wayOut = path.endsWith("mount") ? ", or have it taken over with spec.adoptExisting: true" : "";
        return path + " is there already and was not made by Unitsmith: move it away" + wayOut;
    }
}
