package io.unitsmith.agent.systemd.bus;

import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.types.Variant;

/** One property in a call of SetUnitProperties: {@code (sv)}. */
@SuppressWarnings("UnusedVariable") // the signature needs them all
public final class UnitProperty extends Struct {

    @Position(0)
    private final String name;

    @Position(1)
    private final Variant<?> value;

    public UnitProperty(String name, Variant<?> value) {
        this.name = name;
        this.value = value;
    }
}
