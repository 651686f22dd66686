package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** What is wrong on one host. */
public record HostProblem(
        @JsonPropertyDescription("The host; empty where the problem is not of one host.") @Required @Size(max = 48)
        String host,

        @JsonPropertyDescription("Why, in one word.") @Required @Size(min = 1, max = 64)
        String reason,

        @JsonPropertyDescription("What is wrong, and what to do next.") @Required @Size(max = 1024)
        String message,

        @JsonPropertyDescription("Since when.") @Required @Size(max = 64)
        String since) {}
