package io.unitsmith.agent.facts;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Finds out what the host is. */
@FunctionalInterface
public interface Probe {

    /**
     * The facts, as they are now.
     *
     * @param users the users to look up
     * @param groups the groups to look up
     * @param phpPaths binaries that the Host names
     */
    HostFacts probe(Set<String> users, Set<String> groups, Map<String, String> phpPaths) throws IOException;
}
