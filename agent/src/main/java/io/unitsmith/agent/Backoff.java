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

/** How long to leave something alone that was tried: twice as long each time, until it has gone well for a while. */
final class Backoff {

    private final Clock clock;
    private final Duration first;
    private final Duration longest;
    private final Map<String, Rest> rests = new HashMap<>();

    private record Rest(Duration length, Instant end) {}

    Backoff(Clock clock, Duration first, Duration longest) {
        this.clock = clock;
        this.first = first;
        this.longest = longest;
    }

    /** These have been tried. */
    void tried(Collection<String> names) {
        for (String name : names) {
            Rest before = rests.get(name);
            Duration length = before == null ? first : before.length().multipliedBy(2);
            Duration bounded = length.compareTo(longest) > 0 ? longest : length;
            rests.put(name, new Rest(bounded, clock.instant().plus(bounded)));
        }
    }

    /** These are well: they are forgotten once they have been for the longest rest there is. */
    void well(Collection<String> names) {
        names.forEach(name -> rests.computeIfPresent(
                name, (key, rest) -> clock.instant().isAfter(rest.end().plus(longest)) ? null : rest));
    }

    void forget(String name) {
        rests.remove(name);
    }

    /** What is to be left alone now. */
    Set<String> resting() {
        return rests.entrySet().stream()
                .filter(entry -> clock.instant().isBefore(entry.getValue().end()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** When the next of these may be tried again. */
    Optional<Instant> next() {
        return rests.values().stream()
                .map(Rest::end)
                .filter(end -> clock.instant().isBefore(end))
                .min(Instant::compareTo);
    }
}
