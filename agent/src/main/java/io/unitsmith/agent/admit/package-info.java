/** What this host accepts of what it is asked for: ceiling, rendering, claims, check, in this order. */
@NullMarked
package io.unitsmith.agent.admit;

import org.jspecify.annotations.NullMarked;
