package io.unitsmith.agent.admit;

import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how checks went: one that passed is not run again for the same, one that failed only after a while.
 *
 * @param <K> everything that the result of a check depends on, as far as the agent can tell
 */
final class Memo<K> {

    /** What a check complained of may be put right on the host, without anybody touching the workload. */
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private final Clock clock;
    private Map<K, Result> known = new HashMap<>();

    private record Result(Optional<Problem> problem, Instant at) {}

    /** Runs checks; the answers are in the same order, empty for one that has passed. */
    @FunctionalInterface
    interface Runner<K> {
        List<Optional<Problem>> run(List<K> keys) throws IOException;
    }

    Memo(Clock clock) {
        this.clock = clock;
    }

    /** What stands against each of these names, by running what is not known; what is not in the answer has passed. What is not asked for is forgotten. */
    Map<String, Problem> judge(Map<String, K> keys, Runner<K> runner) throws IOException {
        Map<K, Result> results = new HashMap<>();
        Set<K> unknown = new LinkedHashSet<>();
        for (K key : keys.values()) {
            @Nullable Result result = known.get(key);
            if (result != null
                    && (result.problem().isEmpty()
                            || clock.instant().isBefore(result.at().plus(AGAIN)))) {
                results.put(key, result);
            } else {
                unknown.add(key);
            }
        }
        List<K> asked = List.copyOf(unknown);
        List<Optional<Problem>> problems = asked.isEmpty() ? List.of() : runner.run(asked);
        for (int i = 0; i < asked.size(); i++) {
            results.put(asked.get(i), new Result(problems.get(i), clock.instant()));
        }
        known = results;
        Map<String, Problem> against = new HashMap<>();
        keys.forEach((name, key) ->
                Objects.requireNonNull(results.get(key)).problem().ifPresent(problem -> against.put(name, problem)));
        return against;
    }
}
