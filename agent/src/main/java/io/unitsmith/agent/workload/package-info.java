/** What every kind of workload must answer, and what it renders to. Pure. */
@NullMarked
package io.unitsmith.agent.workload;

import org.jspecify.annotations.NullMarked;
