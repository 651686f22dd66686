/** systemd's D-Bus interface, the part of it that the agent uses: org.freedesktop.systemd1(5). */
@NullMarked
package io.unitsmith.agent.systemd.bus;

import org.jspecify.annotations.NullMarked;
