package io.unitsmith.agent.workload;

import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Collects all that stands against a workload, so that nobody has to find it out one at a time. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    /** Adds a problem; the message names the value, and what would be right. */
    public void add(Reason reason, String field, String message) {
        found.add(Problem.of(reason, field, message));
    }

    /** Adds that a value is invalid: {@code "value" fault}. */
    public void addIf(Optional<String> fault, String field, String value) {
        fault.ifPresent(text -> add(Reason.INVALID, field, "\"%s\" %s".formatted(value, text)));
    }

    /**
     * Adds what is wrong with a duration. What comes from a folder of manifests has met no CEL rule.
     *
     * @param least in seconds
     * @return the seconds, if it is a duration of at least so many
     */
    public OptionalInt addUnlessDuration(String field, @Nullable String duration, int least) {
        if (duration == null) {
            return OptionalInt.empty();
        }
        if (!Durations.isValid(duration)) {
            add(Reason.INVALID, field, "\"%s\" is not a duration such as 30s, 5m or 1h30m".formatted(duration));
            return OptionalInt.empty();
        }
        int seconds = Durations.seconds(duration);
        if (seconds < least) {
            add(Reason.INVALID, field, "\"%s\" is too short: at least %ds".formatted(duration, least));
            return OptionalInt.empty();
        }
        return OptionalInt.of(seconds);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem> toList() {
        return List.copyOf(found);
    }
}
