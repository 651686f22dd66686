package io.unitsmith.agent.workload;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of the use that is made of a payload: if it is not busy, and its mark stays the same for so long, then
 * nobody uses it.
 *
 * @param timeout how long nobody has to use it before it is stopped; null if it is not to be stopped however idle it is
 * @param busy whether it is in use now, or this cannot be told
 * @param mark another one whenever it has been used meanwhile
 * @param connections that its processes have now: one that is new may be a use that the mark does not show yet
 * @param counts what it says of itself; null if it says nothing now
 */
public record Use(
        @Nullable Duration timeout,
        boolean busy,
        String mark,
        Set<String> connections,
        @Nullable Counts counts) {

    /**
     * What a payload counts itself.
     *
     * @param active processes at work
     * @param idle processes that wait for work
     * @param requests since its processes were last started anew
     * @param slowRequests of these, those that took longer than the spec allows without a trace
     */
    public record Counts(int active, int idle, long requests, long slowRequests) {}
}
