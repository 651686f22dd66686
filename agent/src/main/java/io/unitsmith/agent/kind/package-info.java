/** The one place that knows every kind of workload. Pure. */
@NullMarked
package io.unitsmith.agent.kind;

import org.jspecify.annotations.NullMarked;
