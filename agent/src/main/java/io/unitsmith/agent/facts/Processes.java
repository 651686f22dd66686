package io.unitsmith.agent.facts;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The processes that a service's main process has started.
 *
 * @param children by process id
 */
public record Processes(Map<Integer, Child> children) {

    /**
     * One of them.
     *
     * @param ticks of the processor that it has used so far, with when it started: never the same again after work
     * @param sockets that it has, and the main process has not
     */
    public record Child(String ticks, Set<String> sockets) {}

    public Set<String> sockets() {
        return children.values().stream()
                .flatMap(child -> child.sockets().stream())
                .collect(Collectors.toSet());
    }
}
