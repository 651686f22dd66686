/** The agent's identity at the cluster: its credential on disk, and clients that use it. */
@NullMarked
package io.unitsmith.agent.cluster;

import org.jspecify.annotations.NullMarked;
