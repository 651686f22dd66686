/** The API server: one client, one cache of each type for all reconcilers, and the Events that they write. */
@NullMarked
package io.unitsmith.operator.cluster;

import org.jspecify.annotations.NullMarked;
