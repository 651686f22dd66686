/** What a plan would change, in words: for people to read before it is done. Pure. */
@NullMarked
package io.unitsmith.agent.preview;

import org.jspecify.annotations.NullMarked;
