package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A label selector as Kubernetes has it, with bounds. One without any term selects nothing; the schema refuses it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "(has(self.matchLabels) && size(self.matchLabels) > 0)"
                + " || (has(self.matchExpressions) && size(self.matchExpressions) > 0)",
        message = "a selector is never empty: give matchLabels or matchExpressions")
public record Selector(
        @JsonPropertyDescription("Labels that must all be there, with exactly these values.")
        @Size(max = 16)
        @ValidationRule(value = Rules.LABELS, messageExpression = Rules.LABELS_MESSAGE)
        Map<String, @Size(max = 63) String> matchLabels,

        @JsonPropertyDescription("Requirements that must all hold, besides matchLabels.") @Size(max = 16)
        List<Requirement> matchExpressions) {

    public Selector(@Nullable Map<String, String> matchLabels, @Nullable List<Requirement> matchExpressions) {
        this.matchLabels = matchLabels == null ? Map.of() : Map.copyOf(matchLabels);
        this.matchExpressions = matchExpressions == null ? List.of() : List.copyOf(matchExpressions);
    }

    /** Whether an object with these labels is selected. */
    public boolean matches(@Nullable Map<String, String> labels) {
        Map<String, String> present = labels == null ? Map.of() : labels;
        return !(matchLabels.isEmpty() && matchExpressions.isEmpty())
                && present.entrySet().containsAll(matchLabels.entrySet())
                && matchExpressions.stream().allMatch(requirement -> requirement.matches(present));
    }

    /** One requirement on one label. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0"
                    + " : !has(self.values) || size(self.values) == 0",
            message = "values are needed for In and NotIn, and must be absent for Exists and DoesNotExist")
    public record Requirement(
            @JsonPropertyDescription("The label's key.") @Required @Size(min = 1, max = 317) @Pattern(Rules.LABEL_KEY)
            String key,

            @JsonPropertyDescription("How the label is compared with values.") @Required
            Operator operator,

            @JsonPropertyDescription("The values to compare with; for In and NotIn only.") @Size(max = 32)
            List<@Size(max = 63) @Pattern(Rules.LABEL_VALUE) String> values) {

        public Requirement(String key, Operator operator, @Nullable List<String> values) {
            this.key = key;
            this.operator = operator;
            this.values = values == null ? List.of() : List.copyOf(values);
        }

        boolean matches(Map<String, String> labels) {
            @Nullable String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    /** The comparisons that Kubernetes knows. */
    public enum Operator {
        @JsonProperty("In")
        IN,
        @JsonProperty("NotIn")
        NOT_IN,
        @JsonProperty("Exists")
        EXISTS,
        @JsonProperty("DoesNotExist")
        DOES_NOT_EXIST
    }
}
