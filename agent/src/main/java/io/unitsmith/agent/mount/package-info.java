/** RemoteMount as a workload: its units, options and credentials per type, and how it fares. Pure. */
@NullMarked
package io.unitsmith.agent.mount;

import org.jspecify.annotations.NullMarked;
