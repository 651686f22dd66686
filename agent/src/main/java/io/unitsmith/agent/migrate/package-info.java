/** What PHP-FPM's own pool files become: read as PHP-FPM reads them, and mapped to PhpFpmPools. Pure. */
@NullMarked
package io.unitsmith.agent.migrate;

import org.jspecify.annotations.NullMarked;
