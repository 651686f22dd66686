/** Carries plans out: the only room that changes the host's files and units. */
@NullMarked
package io.unitsmith.agent.apply;

import org.jspecify.annotations.NullMarked;
