/**
 * The API group {@code unitsmith.io/v1alpha1}: what users write, and what operator and agents tell each other.
 *
 * <p>Schema defaults are applied by the API server (or, for manifests on a host, from the very same schema), so a
 * component that is not {@code @Nullable} is always present in an object that was read in full.
 */
@NullMarked
package io.unitsmith.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
