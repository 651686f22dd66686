/** One reconciler for every kind of workload: observe, permit, select, plan, write, report. */
@NullMarked
package io.unitsmith.operator.workload;

import org.jspecify.annotations.NullMarked;
