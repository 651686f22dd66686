package io.unitsmith.agent.files;

/** Told before every single change to the disk; tests end the agent there. */
@FunctionalInterface
public interface Checkpoint {

    Checkpoint NONE = moment -> {};

    void reached(String moment);
}
