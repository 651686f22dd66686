package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A revision that this host has accepted and is to enforce. */
public record Wanted(
        String assignment,
        WorkloadReference workload,
        String revision,
        @Nullable String secret,
        Set<String> claims,
        Rendering rendering) {

    /** The entries as the ledger lists them. */
    public List<Made> made() {
        return rendering.entries().stream()
                .map(entry -> new Made(entry.path(), entry.layer(), entry.effect(), fingerprint(entry)))
                .toList();
    }

    private static String fingerprint(Rendering.Entry entry) {
        return Names.hash(
                switch (entry) {
                    case Rendering.File file -> file.mode() + "\n" + file.readableBy() + "\n" + file.content();
                    case Rendering.Link link -> link.target();
                });
    }
}
