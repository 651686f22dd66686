/** Stops what nobody uses: its trigger goes on waiting, and the next use starts it. */
@NullMarked
package io.unitsmith.agent.idle;

import org.jspecify.annotations.NullMarked;
