/** Files on the host as the agent writes them: whole or not at all, durable, never through somebody else's link. */
@NullMarked
package io.unitsmith.agent.files;

import org.jspecify.annotations.NullMarked;
