package io.unitsmith.agent.migrate;

import java.util.LinkedHashMap;
import java.util.Map;

/** A spec as it grows, field by field, in the order in which it is written. */
final class SpecTree {

    private final Map<String, Object> spec = new LinkedHashMap<>();

    /** @param field such as {@code spec.socket.group} */
    void set(String field, Object value) {
        String[] names = field.split("\\.", -1);
        Map<String, Object> parent = spec;
        for (int i = 1; i < names.length - 1; i++) {
            parent = child(parent, names[i]);
        }
        parent.put(names[names.length - 1], value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> parent, String name) {
        return (Map<String, Object>) parent.computeIfAbsent(name, key -> new LinkedHashMap<String, Object>());
    }

    Map<String, Object> toMap() {
        return spec;
    }
}
