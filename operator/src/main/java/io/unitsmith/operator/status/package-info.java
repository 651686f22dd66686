/** What is told about a workload, from what is known of its hosts. Pure. */
@NullMarked
package io.unitsmith.operator.status;

import org.jspecify.annotations.NullMarked;
