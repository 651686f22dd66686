/** systemd's unit names, unit files and unit states as values. Pure. */
@NullMarked
package io.unitsmith.agent.unit;

import org.jspecify.annotations.NullMarked;
