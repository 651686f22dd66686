/** The agent of one host: observe, plan, apply, report. */
@NullMarked
package io.unitsmith.agent;

import org.jspecify.annotations.NullMarked;
