package io.unitsmith.api.v1alpha1;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one way to make conditions: the transition time moves only when the status does. */
public final class Conditions {

    private static final int MESSAGE_LIMIT = 1024;

    private final @Nullable List<Condition> previous;
    private final @Nullable Long generation;
    private final Clock clock;
    private final List<Condition> made = new ArrayList<>();

    /**
     * @param previous the conditions that stand in the status now
     * @param generation the generation of the spec that is being judged, if the object has one
     */
    public Conditions(@Nullable List<Condition> previous, @Nullable Long generation, Clock clock) {
        this.previous = previous;
        this.generation = generation;
        this.clock = clock;
    }

    /** Adds a condition; a message over 1 KiB is cut. */
    public Conditions set(String type, String status, Reason reason, String message) {
        @Nullable Condition before = find(previous, type);
        String since = before != null && before.status().equals(status)
                ? before.lastTransitionTime()
                : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        made.add(new Condition(type, status, reason.text(), bounded(message), generation, since));
        return this;
    }

    /** Adds a condition of before as it is. */
    public Conditions keep(Condition before) {
        made.add(before);
        return this;
    }

    public List<Condition> toList() {
        return List.copyOf(made);
    }

    /** The condition of this type, if there is one. */
    public static @Nullable Condition find(@Nullable List<Condition> conditions, String type) {
        return conditions == null
                ? null
                : conditions.stream()
                        .filter(condition -> condition.type().equals(type))
                        .findFirst()
                        .orElse(null);
    }

    /** A text that fits into any status: at most 1,024 characters. */
    public static String bounded(String text) {
        return bounded(text, MESSAGE_LIMIT);
    }

    /** A text of at most so many characters; where it was longer, it ends with an ellipsis. */
    public static String bounded(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
    }
}
