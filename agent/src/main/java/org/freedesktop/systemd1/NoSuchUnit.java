package org.freedesktop.systemd1;

import org.freedesktop.dbus.exceptions.DBusExecutionException;

/** The unit is not loaded, or there is none of this name. */
public class NoSuchUnit extends DBusExecutionException {

    public NoSuchUnit(String message) {
        super(message);
    }
}
