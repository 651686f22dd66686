package io.unitsmith.operator.status;

import io.unitsmith.api.v1alpha1.Reason;

/** What is wrong with the workload itself, whatever the host. */
public record Fault(Reason reason, String message) {}
