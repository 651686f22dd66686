package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The bounds of a duration, once more: what comes from a folder of manifests has met no CEL rule. */
final class DurationRule {

    private DurationRule() {}

    /** The seconds, if it is a duration of at least so many. */
    static OptionalInt check(Problems problems, String field, @Nullable String duration, int least) {
        if (duration == null) {
            return OptionalInt.empty();
        }
        int seconds;
        try {
            seconds = Durations.seconds(duration);
        } catch (IllegalArgumentException e) {
            problems.add(
                    Reason.INVALID, field, "\"%s\" is not a duration such as 30s, 5m or 1h30m".formatted(duration));
            return OptionalInt.empty();
        }
        if (seconds < least) {
            problems.add(Reason.INVALID, field, "\"%s\" is too short: at least %ds".formatted(duration, least));
            return OptionalInt.empty();
        }
        return OptionalInt.of(seconds);
    }
}
