/** What is to be written for each host, from the spec and what is known of the hosts. Pure. */
@NullMarked
package io.unitsmith.operator.rollout;

import org.jspecify.annotations.NullMarked;
