/** PhpFpmPool as a workload: its units, PHP-FPM's configuration, the check of it, and how it fares. Pure. */
@NullMarked
package io.unitsmith.agent.pool;

import org.jspecify.annotations.NullMarked;
