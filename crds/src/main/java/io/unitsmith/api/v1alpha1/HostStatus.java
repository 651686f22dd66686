package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator knows about a host. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostStatus(
        @JsonPropertyDescription("Ready: whether the agent is heard and can do its work.") @Size(max = 8) @Nullable
        List<Condition> conditions,

        @JsonPropertyDescription("When the agent was last heard; absent while it is heard.") @Size(max = 64) @Nullable
        String lastHeartbeat,

        @JsonPropertyDescription("What the agent found on the host.") @Nullable
        HostFacts facts,

        @JsonPropertyDescription("The PHP versions of the host in one line; facts.php has them in full.")
        @Size(max = 256)
        @Nullable
        String phpVersions,

        @JsonPropertyDescription("How many workloads the host has.") @Nullable
        Integer assignments) {}
