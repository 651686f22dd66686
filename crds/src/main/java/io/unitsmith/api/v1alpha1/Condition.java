package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A condition as the Kubernetes API conventions have it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @JsonPropertyDescription("What the condition is about.") @Required @Size(min = 1, max = 64)
        String type,

        @JsonPropertyDescription("True, False or Unknown.") @Required @Size(min = 1, max = 7)
        String status,

        @JsonPropertyDescription("Why, in one word; docs/reference/reasons.md lists them all.")
        @Required
        @Size(min = 1, max = 64)
        String reason,

        @JsonPropertyDescription("Why, in a sentence that says what to do next.") @Required @Size(max = 1024)
        String message,

        @JsonPropertyDescription("The generation of the spec that this was found for.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("When status last changed.") @Required @Size(max = 64)
        String lastTransitionTime) {

    public static final String READY = "Ready";
    public static final String DEGRADED = "Degraded";
    public static final String PROGRESSING = "Progressing";
    public static final String MOUNTED = "Mounted";
    public static final String DRIFTED = "Drifted";
    public static final String OUT_OF_MEMORY = "OutOfMemory";

    public static final String TRUE = "True";
    public static final String FALSE = "False";
    public static final String UNKNOWN = "Unknown";

    /** Whether the status is True. */
    public boolean holds() {
        return status.equals(TRUE);
    }
}
