package org.freedesktop.dbus.errors;

import org.freedesktop.dbus.exceptions.DBusExecutionException;

/** Nobody has the name that a message was for: systemd is not on the bus. */
public class NameHasNoOwner extends DBusExecutionException {

    public NameHasNoOwner(String message) {
        super(message);
    }
}
