/** All of systemd behind one narrow port, with one implementation on D-Bus; and its journal. */
@NullMarked
package io.unitsmith.agent.systemd;

import org.jspecify.annotations.NullMarked;
