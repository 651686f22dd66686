/** systemd's D-Bus errors: dbus-java throws an error as the class that has its name, and loses the name where there is none. */
@NullMarked
package org.freedesktop.systemd1;

import org.jspecify.annotations.NullMarked;
