package io.unitsmith.agent.supervise;

/** Who looks after the agent's process. */
public interface Supervisor {

    /**
     * The agent's loop has come round.
     *
     * @param line how the host fares, in one line
     */
    void turned(String line);
}
