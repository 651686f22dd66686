package io.unitsmith.api.v1alpha1;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what this version could not read in an object: an unknown enum value, or a field that must be there, comes out
 * of Jackson as null where the record says that nothing is null.
 */
public final class Unread {

    private Unread() {}

    /** The paths of all components that are null though they must not be, such as {@code spec.type}; empty if all was read. */
    public static List<String> in(String path, @Nullable Object value) {
        List<String> found = new ArrayList<>();
        search(path, value, found);
        return List.copyOf(found);
    }

    private static void search(String path, @Nullable Object value, List<String> found) {
        switch (value) {
            case null -> found.add(path);
            case Record object -> searchRecord(path, object, found);
            case Collection<?> items -> {
                int index = 0;
                for (Object item : items) {
                    search(path + "[" + index++ + "]", item, found);
                }
            }
            case Map<?, ?> entries -> entries.forEach((key, item) -> search(path + "." + key, item, found));
            default -> {}
        }
    }

    private static void searchRecord(String path, Record object, List<String> found) {
        for (RecordComponent component : object.getClass().getRecordComponents()) {
            @Nullable Object value = read(component, object);
            if (value != null || !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                search(path + "." + component.getName(), value, found);
            }
        }
    }

    private static @Nullable Object read(RecordComponent component, Record object) {
        try {
            return component.getAccessor().invoke(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record's accessor is public", e);
        }
    }
}
