package io.unitsmith.agent;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How long to leave a unit alone that was started and is down again: twice as long each time, until it has stayed up. */
final class Backoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Clock clock;
    private final Map<String, Rest> rests = new HashMap<>();

    private record Rest(Duration length, Instant end) {}

    Backoff(Clock clock) {
        this.clock = clock;
    }

    /** A unit has been started. */
    void started(Collection<String> units) {
        for (String unit : units) {
            Rest before = rests.get(unit);
            Duration length = before == null ? FIRST : before.length().multipliedBy(2);
            Duration bounded = length.compareTo(LONGEST) > 0 ? LONGEST : length;
            rests.put(unit, new Rest(bounded, clock.instant().plus(bounded)));
        }
    }

    /** Forgets units that have stayed up for the longest rest there is. */
    void up(Collection<String> units) {
        units.forEach(unit -> rests.computeIfPresent(
                unit, (name, rest) -> clock.instant().isAfter(rest.end().plus(LONGEST)) ? null : rest));
    }

    /** The units to be left alone now. */
    Set<String> resting() {
        return rests.entrySet().stream()
                .filter(entry -> clock.instant().isBefore(entry.getValue().end()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** When the next of these may be started. */
    Optional<Instant> next() {
        return rests.values().stream()
                .map(Rest::end)
                .filter(end -> clock.instant().isBefore(end))
                .min(Instant::compareTo);
    }
}
