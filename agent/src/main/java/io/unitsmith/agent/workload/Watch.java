package io.unitsmith.agent.workload;

import java.time.Duration;

/**
 * How the server of a payload is watched.
 *
 * @param path where the payload is mounted
 * @param asks whether the server is asked anything
 * @param every how long after one question the next one comes; a question is a use of the mount
 * @param timeout a server that has not answered for so long hangs
 * @param forces whether a mount that has hung for twice that long is taken away by force
 */
public record Watch(String path, boolean asks, Duration every, Duration timeout, boolean forces) {

    /** As it is asked for where nothing else is. */
    public static Watch of(String path) {
        return new Watch(path, true, Duration.ofMinutes(1), Duration.ofSeconds(10), false);
    }
}
