/** What the cluster gets to know: statuses, the heartbeat, and excerpts of the journal. */
@NullMarked
package io.unitsmith.agent.report;

import org.jspecify.annotations.NullMarked;
