/** The commands of {@code unitsmith}, one class each. */
@NullMarked
package io.unitsmith.agent.cli;

import org.jspecify.annotations.NullMarked;
