package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Why a host refuses a revision. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        @JsonPropertyDescription("Why, in one word.") @Required @Size(min = 1, max = 64)
        String reason,

        @JsonPropertyDescription("The field that is wrong, such as spec.user.") @Size(max = 128) @Nullable
        String field,

        @JsonPropertyDescription("What is wrong, with the value, and what would be right.") @Required @Size(max = 1024)
        String message) {

    public static Problem of(Reason reason, @Nullable String field, String message) {
        return new Problem(reason.text(), field, Conditions.bounded(message));
    }

    /** Field and message in one line. */
    public String text() {
        return field == null ? message : field + ": " + message;
    }
}
