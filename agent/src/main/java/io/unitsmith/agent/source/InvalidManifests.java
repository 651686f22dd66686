package io.unitsmith.agent.source;

import java.util.List;

/** Manifests that cannot be read: every fault in them, each with its file, object and field. */
public final class InvalidManifests extends Exception {

    private final List<String> faults;

    public InvalidManifests(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
