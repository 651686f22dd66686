package io.unitsmith.agent.admit;

import io.unitsmith.agent.apply.ConfigurationCheck;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the checks of configurations went. */
final class CheckBook {

    /** At once, so that a thousand of them do not all run out of time together. */
    private static final int BATCH = 16;

    private final ConfigurationCheck checks;
    private final Memo<Key> memo;

    private record Key(
            String user,
            @Nullable String group,
            Map<String, String> files,
            List<String> command,
            List<String> properties,
            Map<String, Php> php) {}

    CheckBook(ConfigurationCheck checks, Clock clock) {
        this.checks = checks;
        this.memo = new Memo<>(clock);
    }

    /** What stands against each of these, by the names given; what is not in the answer has passed. */
    Map<String, Problem> judge(Map<String, Check> wanted, HostFacts facts) throws IOException {
        Map<String, Key> keys = new HashMap<>();
        Map<Key, Check> checkOf = new HashMap<>();
        wanted.forEach((name, check) -> {
            keys.put(name, key(check, facts));
            checkOf.putIfAbsent(key(check, facts), check);
        });
        return memo.judge(
                keys,
                unknown -> run(
                        unknown.stream()
                                .map(checkOf::get)
                                .map(Objects::requireNonNull)
                                .toList(),
                        facts.uids()));
    }

    private List<Optional<Problem>> run(List<Check> all, Map<String, Long> uids) throws IOException {
        List<Optional<Problem>> problems = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            problems.addAll(checks.run(all.subList(from, Math.min(all.size(), from + BATCH)), uids));
        }
        return problems;
    }

    private static Key key(Check check, HostFacts facts) {
        return new Key(check.user(), check.group(), check.files(), check.command(), check.properties(), facts.php());
    }
}
