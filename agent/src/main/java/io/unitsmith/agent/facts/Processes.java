package io.unitsmith.agent.facts;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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
     * @param title its command line, which a program may have changed to something that tells more
     * @param work ticks of the processor that it has used, when it started, and how often it has gone to sleep: never the same again after work
     * @param sockets that it has, and the main process has not
     */
    public record Child(String title, String work, Set<String> sockets) {}

    /** Only those that this is true of. */
    public Processes which(Predicate<Child> condition) {
        Map<Integer, Child> some = new HashMap<>(children);
        some.values().removeIf(condition.negate());
        return new Processes(some);
    }

    public Set<String> sockets() {
        return children.values().stream()
                .flatMap(child -> child.sockets().stream())
                .collect(Collectors.toSet());
    }
}
