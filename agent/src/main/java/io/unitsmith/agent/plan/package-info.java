/** From what is wanted and what is there to the steps between: typed, ordered, the fewest possible. Pure. */
@NullMarked
package io.unitsmith.agent.plan;

import org.jspecify.annotations.NullMarked;
