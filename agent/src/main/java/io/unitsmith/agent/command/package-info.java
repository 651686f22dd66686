/** Other programs, each with a deadline and a bound on what it may say. */
@NullMarked
package io.unitsmith.agent.command;

import org.jspecify.annotations.NullMarked;
