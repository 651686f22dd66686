/** Secrets: copies of just the keys that hosts need, and the credentials that agents join with. */
@NullMarked
package io.unitsmith.operator.access;

import org.jspecify.annotations.NullMarked;
