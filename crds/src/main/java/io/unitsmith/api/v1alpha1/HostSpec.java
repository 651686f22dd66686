package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the admin says about a host. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HostSpec(
        @JsonPropertyDescription(
                "PHP-FPM binaries that the agent does not find by itself: PHP version to absolute path.")
        @Size(max = 32)
        @ValidationRule(value = Rules.PHP_VERSIONS, messageExpression = Rules.PHP_VERSIONS_MESSAGE)
        @ValidationRule(value = Rules.PHP_PATHS, messageExpression = Rules.PHP_PATHS_MESSAGE)
        Map<String, @Size(max = 1024) String> phpPaths) {

    public HostSpec(@Nullable Map<String, String> phpPaths) {
        this.phpPaths = phpPaths == null ? Map.of() : phpPaths;
    }
}
