/** Hosts: the namespace of each and what is in it, whether it is heard, and its status. */
@NullMarked
package io.unitsmith.operator.host;

import org.jspecify.annotations.NullMarked;
