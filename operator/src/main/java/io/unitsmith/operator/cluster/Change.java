package io.unitsmith.operator.cluster;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object that appeared, changed or went.
 *
 * @param before null where it is new
 * @param after null where it is gone
 */
public record Change<T>(@Nullable T before, @Nullable T after) {

    /** The object as it is, or as it was last. */
    public T object() {
        return Objects.requireNonNull(after != null ? after : before, "a change is of something");
    }

    /** Whether it appeared, went, or has something else of this kind now. */
    public boolean isOf(Function<T, ? extends @Nullable Object> part) {
        return before == null || after == null || !Objects.equals(part.apply(before), part.apply(after));
    }
}
