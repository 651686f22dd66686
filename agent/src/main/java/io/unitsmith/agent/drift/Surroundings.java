package io.unitsmith.agent.drift;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What changes units besides the agent's own files.
 *
 * @param foreign by unit
 * @param stale units that systemd has loaded from other content than is on disk
 * @param outdated units that run files of before an upgrade, and these files
 */
record Surroundings(Map<String, List<Foreign>> foreign, Set<String> stale, Map<String, Set<String>> outdated) {

    /** A file or link of somebody else's. */
    record Foreign(Kind kind, String path) {}

    enum Kind {
        MASK,
        UNIT_FILE,
        DROP_IN
    }

    List<Foreign> of(String unit) {
        return foreign.getOrDefault(unit, List.of());
    }
}
