package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an agent needs to know of its Host. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HostAgentSpec(
        @JsonPropertyDescription(
                "PHP-FPM binaries that the agent does not find by itself: PHP version to absolute path.")
        @Size(max = 32)
        Map<String, String> phpPaths) {

    public HostAgentSpec(@Nullable Map<String, String> phpPaths) {
        this.phpPaths = phpPaths == null ? Map.of() : phpPaths;
    }
}
