/** What this host allows, whoever asks. Pure. */
@NullMarked
package io.unitsmith.agent.ceiling;

import org.jspecify.annotations.NullMarked;
