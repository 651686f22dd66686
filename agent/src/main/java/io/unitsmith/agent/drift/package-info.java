/** What somebody has changed on the host since it was applied: found, put right or reported, and not fought over for ever. */
@NullMarked
package io.unitsmith.agent.drift;

import org.jspecify.annotations.NullMarked;
