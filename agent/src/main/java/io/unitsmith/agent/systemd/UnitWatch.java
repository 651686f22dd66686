package io.unitsmith.agent.systemd;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.freedesktop.dbus.types.Variant;

/** Tells a listener when a unit that is followed changes its state; a service's status text, every few seconds, does not count. */
final class UnitWatch {

    private volatile Set<String> followed = Set.of();
    private volatile Runnable listener = () -> {};
    private final Map<String, String> lastStates = new ConcurrentHashMap<>();

    void listener(Runnable listener) {
        this.listener = listener;
    }

    void follow(Collection<String> units) {
        followed = units.stream().map(UnitWatch::objectPath).collect(Collectors.toUnmodifiableSet());
        lastStates.keySet().retainAll(followed);
    }

    void changed(String path, Map<String, Variant<?>> properties) {
        if (!followed.contains(path) || !properties.containsKey("ActiveState")) {
            return;
        }
        String state = text(properties, "ActiveState") + "/" + text(properties, "SubState");
        if (!state.equals(lastStates.put(path, state))) {
            listener.run();
        }
    }

    void lost() {
        listener.run();
    }

    private static String text(Map<String, Variant<?>> properties, String name) {
        Variant<?> value = properties.get(name);
        return value == null ? "" : String.valueOf(value.getValue());
    }

    /** The object of a unit: all but letters and digits is escaped, and a digit that leads (sd_bus_path_encode(3)). */
    static String objectPath(String unit) {
        var path = new StringBuilder(BusConnection.PATH + "/unit/");
        byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            path.append(letter || (digit && i > 0) ? String.valueOf(c) : String.format("_%02x", (int) c));
        }
        return path.toString();
    }
}
