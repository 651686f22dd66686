package io.unitsmith.agent.workload;

import java.time.Duration;
import java.util.Set;

/**
 * What can be seen of the use that is made of a payload: if it is not busy, and its mark stays the same for so long, then
 * nobody uses it.
 *
 * @param timeout how long nobody has to use it before it is stopped
 * @param busy whether it is in use now, or this cannot be told
 * @param mark another one whenever it has been used meanwhile
 * @param connections that its processes have now: one that is new may be a use that the mark does not show yet
 */
public record Use(Duration timeout, boolean busy, String mark, Set<String> connections) {}
