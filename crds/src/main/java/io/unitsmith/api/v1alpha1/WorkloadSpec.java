package io.unitsmith.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every kind of workload says, whatever it runs. */
public sealed interface WorkloadSpec permits PhpFpmPoolSpec, RemoteMountSpec {

    /** The hosts by label; absent where {@link #hostNames} names them. */
    @Nullable
    Selector hostSelector();

    /** The hosts by name; empty where {@link #hostSelector} selects them. */
    List<String> hostNames();

    /** The Secrets of its namespace that it needs, by name: a key that a later one has too is taken from that. */
    List<String> secretNames();

    /** What a host does when somebody changes there what was applied. */
    DriftPolicy driftPolicy();
}
