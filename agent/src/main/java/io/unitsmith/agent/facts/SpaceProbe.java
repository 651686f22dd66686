package io.unitsmith.agent.facts;

import java.io.IOException;
import java.util.List;

/** Finds out how much room there is on the host. */
@FunctionalInterface
public interface SpaceProbe {

    /** What is left now of every file system that the agent writes to. */
    List<FreeSpace> look() throws IOException;
}
