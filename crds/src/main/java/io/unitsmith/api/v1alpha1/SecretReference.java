package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Secret in the workload's own namespace. */
public record SecretReference(
        @JsonPropertyDescription("Name of a Secret in the same namespace.") @Required @Size(min = 1, max = 253)
        String name) {}
