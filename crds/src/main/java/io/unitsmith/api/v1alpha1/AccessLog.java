package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PHP-FPM's log of all requests. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessLog(
        @JsonPropertyDescription("Log every request.") @Default("false")
        Boolean enabled,

        @JsonPropertyDescription(
                "What a line has, in PHP-FPM's own language (access.format); by default %R - %u %t \"%m %r\" %s.")
        @Size(min = 1, max = 512)
        @ValidationRule(value = Rules.INI_TEXT, message = Rules.INI_TEXT_MESSAGE)
        @Nullable
        String format,

        @JsonPropertyDescription(
                "Requests to exactly these paths are not logged where they succeed; PHP 8.2 and newer.")
        @Size(max = 32)
        @ValidationRule(value = Rules.URL_PATHS, messageExpression = Rules.URL_PATHS_MESSAGE)
        List<@Size(min = 1, max = 256) String> suppressPaths) {

    static final AccessLog NONE = new AccessLog(false, null, null);

    public AccessLog(Boolean enabled, @Nullable String format, @Nullable List<String> suppressPaths) {
        this.enabled = enabled;
        this.format = format;
        this.suppressPaths = suppressPaths == null ? List.of() : suppressPaths;
    }
}
