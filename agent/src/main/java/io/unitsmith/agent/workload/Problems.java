package io.unitsmith.agent.workload;

import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem> toList() {
        return List.copyOf(found);
    }
}
