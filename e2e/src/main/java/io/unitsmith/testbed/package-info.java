/**
 * One machine's worth of everything real: a Kubernetes, the operator in it, and hosts with systemd that have joined it.
 * Tests start it and throw it away; the demo starts the same and leaves it running.
 */
@NullMarked
package io.unitsmith.testbed;

import org.jspecify.annotations.NullMarked;
