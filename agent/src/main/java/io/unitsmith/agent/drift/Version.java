package io.unitsmith.agent.drift;

import org.jspecify.annotations.Nullable;

/** What was asked for when: a new one ends a contention. */
record Version(@Nullable Long generation, String revision) {}
