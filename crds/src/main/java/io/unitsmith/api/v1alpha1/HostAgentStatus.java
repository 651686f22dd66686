package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an agent says of itself and its host. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostAgentStatus(
        @JsonPropertyDescription("The agent's version.") @Size(max = 64) @Nullable
        String agentVersion,

        @JsonPropertyDescription("The machine's id, from /etc/machine-id.") @Size(max = 64) @Nullable
        String machineId,

        @JsonPropertyDescription("systemd's version.") @Size(max = 64) @Nullable
        String systemd,

        @JsonPropertyDescription("The PHP-FPM binaries there.") @Size(max = 32) @Nullable
        List<HostFacts.Php> php,

        @JsonPropertyDescription("Kinds of file system that the host can mount.") @Size(max = 16) @Nullable
        List<@Size(max = 32) String> mountHelpers,

        @JsonPropertyDescription("When the agent's credential expires, unless it is renewed before.")
        @Size(max = 64)
        @Nullable
        String credentialExpires,

        @JsonPropertyDescription("Ready: whether the agent can do its work.") @Size(max = 8) @Nullable
        List<Condition> conditions) {}
