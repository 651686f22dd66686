/** Where the desired state comes from. */
@NullMarked
package io.unitsmith.agent.source;

import org.jspecify.annotations.NullMarked;
