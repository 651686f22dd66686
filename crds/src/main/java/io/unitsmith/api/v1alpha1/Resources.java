package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What the processes of a pool may use together (systemd.resource-control(5)); what is left out has no bound. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Resources(
        @JsonPropertyDescription("Beyond this much memory one of its processes is killed, not the pool; such as 512Mi.")
        @Size(max = 24)
        @ValidationRule(value = Rules.SIZE, message = Rules.SIZE_MESSAGE)
        @Nullable
        String memoryMax,

        @JsonPropertyDescription("Beyond this much memory its processes are slowed down; such as 448Mi.")
        @Size(max = 24)
        @ValidationRule(value = Rules.SIZE, message = Rules.SIZE_MESSAGE)
        @Nullable
        String memoryHigh,

        @JsonPropertyDescription("How much processor time it may take, in percent of one processor; such as \"150%\".")
        @Size(max = 8)
        @ValidationRule(value = Rules.PERCENT, message = Rules.PERCENT_MESSAGE)
        @Nullable
        String cpuQuota,

        @JsonPropertyDescription("Its share of processor time where there is not enough of it; others have 100.")
        @Min(1)
        @Max(10000)
        @Nullable
        Integer cpuWeight,

        @JsonPropertyDescription("Its share of disk time where there is not enough of it; others have 100.")
        @Min(1)
        @Max(10000)
        @Nullable
        Integer ioWeight,

        @JsonPropertyDescription("How many processes and threads it may have, the master and what PHP starts included.")
        @Min(2)
        @Max(1000000)
        @Nullable
        Integer tasksMax) {

    static final Resources UNBOUNDED = new Resources(null, null, null, null, null, null);
}
