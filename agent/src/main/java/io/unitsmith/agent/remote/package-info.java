/** Asks the servers of what is mounted whether they answer, from processes that may wait for ever. */
@NullMarked
package io.unitsmith.agent.remote;

import org.jspecify.annotations.NullMarked;
