package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** Environment variables that are in an object of their own. */
public record EnvFrom(
        @JsonPropertyDescription("A Secret, each key of which becomes a variable.") @Required
        SecretReference secretRef) {}
