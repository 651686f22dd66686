/** What is made of workloads: counted on the host, for whoever looks there, and never in the API. */
@NullMarked
package io.unitsmith.agent.usage;

import org.jspecify.annotations.NullMarked;
