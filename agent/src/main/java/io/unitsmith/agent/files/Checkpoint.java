package io.unitsmith.agent.files;

import java.io.IOException;

/** Told before every single change to the disk; tests end the agent there, or have the disk fail. */
@FunctionalInterface
public interface Checkpoint {

    Checkpoint NONE = moment -> {};

    void reached(String moment) throws IOException;
}
