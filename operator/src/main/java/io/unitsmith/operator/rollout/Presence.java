package io.unitsmith.operator.rollout;

/** Whether a host is there. */
public sealed interface Presence {

    /** Its agent is heard, or has not been silent for the grace time yet. */
    record Heard() implements Presence {}

    /**
     * Its agent has not been heard for the grace time.
     *
     * @param lastHeartbeat the agent's own last word on the time
     */
    record Unreachable(String lastHeartbeat) implements Presence {}

    /** Its agent has never been heard. */
    record NotJoined() implements Presence {}

    /** There is no Host of this name. */
    record NotFound() implements Presence {}

    /** Whether something can be expected of the host. */
    default boolean isHeard() {
        return this instanceof Heard;
    }
}
