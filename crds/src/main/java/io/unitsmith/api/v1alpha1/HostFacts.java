package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent found on its host, as its HostAgent and, copied from there, its Host show it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostFacts(
        @JsonPropertyDescription("The agent's version.") @Size(max = 64) @Nullable
        String agentVersion,

        @JsonPropertyDescription("The machine's id, from /etc/machine-id.") @Size(max = 64) @Nullable
        String machineId,

        @JsonPropertyDescription("systemd's version.") @Size(max = 64) @Nullable
        String systemd,

        @JsonPropertyDescription("The PHP-FPM binaries there.") @Size(max = 32) @Nullable
        List<Php> php,

        @JsonPropertyDescription("Kinds of file system that the host can mount.") @Size(max = 16) @Nullable
        List<@Size(max = 32) String> mountHelpers) {

    /** One PHP-FPM binary. */
    public record Php(
            @JsonPropertyDescription("As pools name it: major.minor.") @Required @Size(max = 5)
            String version,

            @JsonPropertyDescription("The binary's path.") @Required @Size(max = 1024)
            String binary,

            @JsonPropertyDescription("The full version.") @Required @Size(max = 64)
            String full,

            @JsonPropertyDescription("Whether it tells systemd when it is ready (--with-fpm-systemd).")
            @Required
            @JsonProperty("notify")
            Boolean notifies) {}
}
