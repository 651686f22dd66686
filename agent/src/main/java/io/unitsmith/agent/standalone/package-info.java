/** A host without a cluster: what {@code apply} and {@code delete} do to its manifests, and how they see it done. */
@NullMarked
package io.unitsmith.agent.standalone;

import org.jspecify.annotations.NullMarked;
