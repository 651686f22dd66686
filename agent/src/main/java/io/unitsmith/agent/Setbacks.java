package io.unitsmith.agent;

import io.unitsmith.agent.source.Assignment;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes that did not succeed. Some wait for somebody to be done, and are tried again soon; others were undone, and are
 * tried again less and less often. Whatever else is asked for is tried at once.
 */
final class Setbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Setbacks.class);

    private final Backoff held;
    private final Backoff undone;
    private final Map<String, Setback> setbacks = new HashMap<>();
    private final Map<String, Problem> told = new HashMap<>();

    /**
     * One of them.
     *
     * @param generation of the assignment that could not be had; null if it has none
     */
    private record Setback(@Nullable Long generation, Problem problem, boolean undone) {}

    Setbacks(Clock clock) {
        this.held = new Backoff(clock, Duration.ofSeconds(1), Duration.ofSeconds(5));
        this.undone = new Backoff(clock, Duration.ofSeconds(5), Duration.ofMinutes(10));
    }

    /** Forgets what is worth another try now. */
    void review(Map<String, Assignment> assignments) {
        Set<String> later =
                Stream.of(held.resting(), undone.resting()).flatMap(Set::stream).collect(Collectors.toSet());
        setbacks.entrySet().removeIf(entry -> {
            @Nullable Assignment assignment = assignments.get(entry.getKey());
            boolean same = Objects.equals(
                    assignment == null ? null : assignment.generation(),
                    entry.getValue().generation());
            if (!same) {
                succeeded(entry.getKey());
            }
            return !same || !later.contains(entry.getKey());
        });
    }

    /** What went well, or is asked for no more, has no history. */
    void succeeded(String name) {
        held.forget(name);
        undone.forget(name);
        told.remove(name);
    }

    /** It has to wait. */
    void held(String name, @Nullable Assignment assignment, Problem problem) {
        held.tried(Set.of(name));
        add(name, assignment, told(problem, "it is tried again"), false);
    }

    /**
     * It failed, and is taken back.
     *
     * @param before whether there is an earlier revision
     */
    void undone(String name, @Nullable Assignment assignment, boolean before, Problem problem) {
        undone.tried(Set.of(name));
        String left = before ? "the previous revision is in force again" : "nothing of it is left on this host";
        add(
                name,
                assignment,
                told(problem, left + ", and it is tried again later, or at once when it is changed"),
                true);
    }

    /** What happens next comes first: what has gone wrong may be long. */
    private static Problem told(Problem problem, String next) {
        return new Problem(problem.reason(), problem.field(), Conditions.bounded(next + ": " + problem.message()));
    }

    private void add(String name, @Nullable Assignment assignment, Problem problem, boolean isUndone) {
        setbacks.put(name, new Setback(assignment == null ? null : assignment.generation(), problem, isUndone));
        if (!problem.equals(told.put(name, problem))) {
            LOG.warn("{}: {}", name, problem.text());
        }
    }

    /** Those that are left as they are for now. */
    Set<String> held() {
        return names(false);
    }

    /** Those that are to be as they were before the change. */
    Set<String> undone() {
        return names(true);
    }

    private Set<String> names(boolean isUndone) {
        return setbacks.entrySet().stream()
                .filter(entry -> entry.getValue().undone() == isUndone)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    Map<String, Problem> problems() {
        return setbacks.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().problem()));
    }

    /** When the next of them may be tried again. */
    Optional<Instant> next() {
        return Stream.of(held.next(), undone.next()).flatMap(Optional::stream).min(Instant::compareTo);
    }
}
