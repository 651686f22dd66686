/** D-Bus' own errors that dbus-java has no class for: it throws an error as the class that has its name. */
@NullMarked
package org.freedesktop.dbus.errors;

import org.jspecify.annotations.NullMarked;
