package io.unitsmith.agent.drift;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was put right, and when: three times within ten minutes is a fight that somebody else means to win. */
final class Fights {

    static final int LIMIT = 3;
    static final Duration PERIOD = Duration.ofMinutes(10);

    private final Clock clock;
    private final Map<String, History> histories = new HashMap<>();

    /**
     * A fight that is given up.
     *
     * @param times when the subject was put right
     */
    record Contention(String subject, List<Instant> times) {}

    /** The repairs of one version of an assignment. */
    private static final class History {

        private final Version version;
        private final Map<String, List<Instant>> repairs = new HashMap<>();
        private Optional<Contention> contention = Optional.empty();

        History(Version version) {
            this.version = version;
        }
    }

    Fights(Clock clock) {
        this.clock = clock;
    }

    /** Takes note that this path or unit is put right now. */
    void repaired(String assignment, Version version, String subject) {
        History history = histories.compute(
                assignment,
                (name, before) -> before != null && before.version.equals(version) ? before : new History(version));
        Instant now = clock.instant();
        List<Instant> times = history.repairs.computeIfAbsent(subject, key -> new ArrayList<>());
        times.removeIf(time -> time.isBefore(now.minus(PERIOD)));
        times.add(now);
        if (times.size() >= LIMIT && history.contention.isEmpty()) {
            history.contention = Optional.of(new Contention(subject, List.copyOf(times)));
        }
    }

    /** The fight that was given up, if this version had one. */
    Optional<Contention> contention(String assignment, Version version) {
        return Optional.ofNullable(histories.get(assignment))
                .filter(history -> history.version.equals(version))
                .flatMap(history -> history.contention);
    }

    /** Forgets all other assignments. */
    void keepOnly(Set<String> assignments) {
        histories.keySet().retainAll(assignments);
    }
}
