package io.unitsmith.agent.systemd;

import java.time.Instant;

/**
 * How long an active unit has been as it is.
 *
 * @param active when it was started
 * @param unchanged when its state last changed: a reload counts too
 */
public record Since(Instant active, Instant unchanged) {}
