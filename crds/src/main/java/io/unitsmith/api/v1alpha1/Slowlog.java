package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** PHP-FPM's log of slow requests, each with the PHP functions that it was in. */
public record Slowlog(
        @JsonPropertyDescription("A request that runs longer is logged, once; whole seconds.")
        @Required
        @Size(max = 16)
        @ValidationRule(value = Rules.FROM_1S_TO_24H, message = Rules.FROM_1S_TO_24H_MESSAGE)
        String timeout,

        @JsonPropertyDescription("How many functions are logged, the innermost first; PHP 7.2 and newer.")
        @Default("20")
        @Min(1)
        @Max(1000)
        Integer traceDepth) {}
