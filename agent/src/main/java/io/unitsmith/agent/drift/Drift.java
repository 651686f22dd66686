package io.unitsmith.agent.drift;

import io.unitsmith.api.v1alpha1.Reason;

/**
 * How far what is on the host is from what was applied.
 *
 * @param persists whether it stays so until somebody does something
 */
public record Drift(boolean persists, Reason reason, String message) {

    /** Nothing differs, and nothing had to be done. */
    public static final Drift NONE = new Drift(false, Reason.NO_PROBLEMS, "everything is as it was applied");
}
