package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A revision that this host has accepted and is to enforce.
 *
 * @param adopts whether it takes over unit files of somebody else's
 * @param trusted whether it has proved itself before: then it is put back as it was, and not watched
 */
public record Wanted(
        String assignment,
        WorkloadReference workload,
        String revision,
        @Nullable String secret,
        Set<String> claims,
        Rendering rendering,
        boolean adopts,
        boolean trusted) {

    /** The entries as the ledger lists them. */
    public List<Made> made() {
        return rendering.entries().stream()
                .map(entry -> new Made(entry.path(), entry.layer(), entry.effect(), fingerprint(entry)))
                .toList();
    }

    /** As {@link Ledger.Applied#credentials}. */
    public Map<String, String> credentials() {
        return Ledger.Applied.credentials(made());
    }

    /**
     * The same, and what several workloads share is as the others want it now; slices also as this workload itself does
     * now, since limits of users are of no revision.
     */
    public Wanted sharing(List<Wanted> all) {
        Map<String, Rendering.Entry> shared = new HashMap<>();
        all.forEach(one -> one.rendering().entries().stream()
                .filter(entry -> !one.assignment().equals(assignment) || entry.layer() == Layer.SLICE)
                .forEach(entry -> shared.put(entry.path(), entry)));
        List<Rendering.Entry> entries = rendering.entries().stream()
                .map(entry -> shared.getOrDefault(entry.path(), entry))
                .toList();
        var changed = new Rendering(
                entries,
                rendering.trigger(),
                rendering.payload(),
                rendering.check(),
                rendering.trial(),
                rendering.unmount());
        return new Wanted(assignment, workload, revision, secret, claims, changed, adopts, trusted);
    }

    private static String fingerprint(Rendering.Entry entry) {
        return Names.hash(
                switch (entry) {
                    case Rendering.File file -> file.mode() + "\n" + file.readableBy() + "\n" + file.content();
                    case Rendering.Link link -> link.target();
                });
    }
}
