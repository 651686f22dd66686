package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a host does when somebody changes there by hand what was applied. */
public enum DriftPolicy {
    /** Puts it right; files of others are reported, and left alone. */
    @JsonProperty("Repair")
    REPAIR,
    /** Changes nothing, and says what differs. */
    @JsonProperty("Report")
    REPORT
}
