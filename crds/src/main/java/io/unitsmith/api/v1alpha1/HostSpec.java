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
        @ValidationRule(
                value = "self.all(version, version.matches('^[0-9]{1,2}[.][0-9]{1,2}$'))",
                message = "its keys are PHP versions, major.minor in quotes, such as \"8.2\"")
        @ValidationRule(
                value = "self.all(version, self[version].matches(r'^(/[^/\\x00-\\x1f\\x7f]+)+$'))",
                message = "its values are absolute paths of PHP-FPM binaries, such as /opt/php/8.2/usr/sbin/php-fpm8.2")
        Map<String, @Size(max = 1024) String> phpPaths) {

    public HostSpec(@Nullable Map<String, String> phpPaths) {
        this.phpPaths = phpPaths == null ? Map.of() : phpPaths;
    }
}
