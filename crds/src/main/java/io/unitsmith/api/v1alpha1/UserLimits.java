package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What all pools of one user on a host may use together; what is left out has no bound. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserLimits(
        @JsonPropertyDescription(
                "Beyond this much memory in all pools of a user one of their processes is killed; such as 4Gi.")
        @Size(max = 24)
        @ValidationRule(value = Rules.SIZE, message = Rules.SIZE_MESSAGE)
        @Nullable
        String memoryMax,

        @JsonPropertyDescription(
                "How much processor time all pools of a user may take, in percent of one processor; such as \"400%\".")
        @Size(max = 8)
        @ValidationRule(value = Rules.PERCENT, message = Rules.PERCENT_MESSAGE)
        @Nullable
        String cpuQuota,

        @JsonPropertyDescription(
                "How many processes and threads all pools of a user may have, masters and what PHP starts included.")
        @Min(UserLimits.LEAST_TASKS)
        @Max(1000000)
        @Nullable
        Integer tasksMax) {

    /** No bound at all. */
    public static final UserLimits NONE = new UserLimits(null, null, null);

    private static final int LEAST_TASKS = 2;

    private static final Pattern PERCENT = Pattern.compile("[1-9][0-9]{0,5}%");

    /** Of each bound the lower one; none is higher than any. */
    public UserLimits strictest(UserLimits other) {
        return new UserLimits(
                lower(memoryMax, other.memoryMax, Sizes::bytes),
                lower(cpuQuota, other.cpuQuota, UserLimits::percent),
                lower(tasksMax, other.tasksMax, UserLimits::tasks));
    }

    private static <T> @Nullable T lower(@Nullable T one, @Nullable T other, ToLongFunction<T> amount) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return amount.applyAsLong(other) < amount.applyAsLong(one) ? other : one;
    }

    /** What is wrong with the first bound that is none: its field, the value, and what would be right. */
    public Optional<String> fault() {
        return fault("memoryMax", memoryMax, Sizes::bytes)
                .or(() -> fault("cpuQuota", cpuQuota, UserLimits::percent))
                .or(() -> fault("tasksMax", tasksMax, UserLimits::tasks));
    }

    private static <T> Optional<String> fault(String field, @Nullable T bound, ToLongFunction<T> amount) {
        try {
            if (bound != null) {
                var _ = amount.applyAsLong(bound);
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(field + ": " + e.getMessage());
        }
    }

    private static long tasks(Integer number) {
        if (number < LEAST_TASKS) {
            throw new IllegalArgumentException(
                    "%d is too few: a master and one process are %d".formatted(number, LEAST_TASKS));
        }
        return number;
    }

    private static long percent(String text) {
        if (!PERCENT.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no percentage of a processor such as 400%");
        }
        return Long.parseLong(text.substring(0, text.length() - 1));
    }
}
