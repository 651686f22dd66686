/** The operator: decides which hosts get a workload and when, and tells what became of it. */
@NullMarked
package io.unitsmith.operator;

import org.jspecify.annotations.NullMarked;
