package io.unitsmith.agent.workload;

import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Reason;

/**
 * How a workload fares on the host.
 *
 * @param message a sentence; where the state is FAILED it names the unit
 */
public record Health(State state, Reason reason, String message) {}
