package io.unitsmith.agent.idle;

import io.unitsmith.agent.workload.Use;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Remembers since when nobody has used which unit. No I/O. */
final class Idleness {

    private final Map<String, Rest> rests = new HashMap<>();

    /**
     * Nobody has used it.
     *
     * @param last how it looked the last time
     */
    private record Rest(Instant since, Use last) {}

    /** Takes note of how all of them look now. Returns those that nobody has used for their timeout. */
    Set<String> due(Map<String, Use> now, Instant time) {
        rests.keySet().retainAll(now.keySet());
        Set<String> due = new HashSet<>();
        now.forEach((unit, use) -> {
            @Nullable Rest before = rests.get(unit);
            if (use.busy()) {
                rests.remove(unit);
            } else if (before == null || !before.last().mark().equals(use.mark())) {
                rests.put(unit, new Rest(time, use));
            } else {
                rests.put(unit, new Rest(before.since(), use));
                if (use.timeout() != null && !time.isBefore(before.since().plus(use.timeout()))) {
                    due.add(unit);
                }
            }
        });
        return due;
    }

    /** Whether what is seen right before the stop is no use either: a connection that is new is one that has just come. */
    boolean isStillDue(String unit, Use now) {
        @Nullable Rest rest = rests.get(unit);
        return rest != null
                && !now.busy()
                && now.mark().equals(rest.last().mark())
                && rest.last().connections().containsAll(now.connections());
    }
}
