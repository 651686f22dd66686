package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A workload in one word: the first of these that holds. */
public enum WorkloadState {
    @JsonProperty("Deleting")
    DELETING,
    @JsonProperty("Progressing")
    PROGRESSING,
    @JsonProperty("Degraded")
    DEGRADED,
    @JsonProperty("Ready")
    READY,
    @JsonProperty("Pending")
    PENDING
}
