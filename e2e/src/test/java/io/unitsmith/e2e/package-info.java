/** The promises of Unitsmith, each a test on the whole product: a cluster, the operator in it, and hosts that have joined it. */
package io.unitsmith.e2e;
