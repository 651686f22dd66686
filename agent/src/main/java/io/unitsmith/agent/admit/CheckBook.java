package io.unitsmith.agent.admit;

import io.unitsmith.agent.apply.Checks;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Remembers how checks went: one that passed is not run again for the same, one that failed only after a while. */
final class CheckBook {

    /** What a check complained of may be put right on the host, without anybody touching the workload. */
    private static final Duration AGAIN = Duration.ofSeconds(15);

    /** At once, so that a thousand of them do not all run out of time together. */
    private static final int BATCH = 16;

    private final Checks checks;
    private final Clock clock;
    private Map<Key, Result> known = new HashMap<>();

    /** Everything that the result of a check depends on, as far as the agent can tell. */
    private record Key(
            String user,
            @Nullable String group,
            Map<String, String> files,
            List<String> command,
            List<String> properties,
            Map<String, Php> php) {}

    private record Result(Optional<Problem> problem, Instant at) {}

    CheckBook(Checks checks, Clock clock) {
        this.checks = checks;
        this.clock = clock;
    }

    /** What stands against each of these, by the names given; what is not in the answer has passed. */
    Map<String, Problem> judge(Map<String, Check> wanted, HostFacts facts) throws IOException {
        Map<Key, Result> results = new HashMap<>();
        Map<Key, Check> unknown = new LinkedHashMap<>();
        wanted.values().forEach(check -> {
            Key key = key(check, facts);
            @Nullable Result result = known.get(key);
            if (result != null
                    && (result.problem().isEmpty()
                            || clock.instant().isBefore(result.at().plus(AGAIN)))) {
                results.put(key, result);
            } else {
                unknown.put(key, check);
            }
        });
        run(unknown, facts, results);
        known = results;
        Map<String, Problem> problems = new HashMap<>();
        wanted.forEach((name, check) -> {
            @Nullable Result result = results.get(key(check, facts));
            if (result != null) {
                result.problem().ifPresent(problem -> problems.put(name, problem));
            }
        });
        return problems;
    }

    private void run(Map<Key, Check> unknown, HostFacts facts, Map<Key, Result> results) throws IOException {
        Map<String, Long> uids =
                facts.users().values().stream().collect(Collectors.toMap(HostFacts.User::name, HostFacts.User::uid));
        List<Key> keys = List.copyOf(unknown.keySet());
        for (int from = 0; from < keys.size(); from += BATCH) {
            List<Key> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
            List<Optional<Problem>> problems = checks.run(
                    batch.stream()
                            .map(unknown::get)
                            .map(Objects::requireNonNull)
                            .toList(),
                    uids);
            for (int i = 0; i < batch.size(); i++) {
                results.put(batch.get(i), new Result(problems.get(i), clock.instant()));
            }
        }
    }

    private static Key key(Check check, HostFacts facts) {
        return new Key(check.user(), check.group(), check.files(), check.command(), check.properties(), facts.php());
    }
}
