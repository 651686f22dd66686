/** What the agent says to whoever looks after its process: that it is ready, how it fares, that it is alive. */
@NullMarked
package io.unitsmith.agent.supervise;

import org.jspecify.annotations.NullMarked;
