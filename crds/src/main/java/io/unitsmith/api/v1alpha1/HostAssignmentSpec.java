package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the operator asks of one host for one workload. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HostAssignmentSpec(
        @JsonPropertyDescription("The workload that this is of.") @Required
        WorkloadReference workload,

        @JsonPropertyDescription("What is to be enforced; absent while nothing is activated yet.") @Nullable
        Content live,

        @JsonPropertyDescription("What is to be checked; absent when there is nothing new.") @Nullable
        Content staged,

        @JsonPropertyDescription(
                "What all pools of a user on this host may use together, by user, for the users of live and staged; takes effect at once.")
        @Size(max = 4)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, UserLimits> userLimits,

        @JsonPropertyDescription("Take the workload off the host. The only thing that removes; absence never does.")
        @Default("false")
        Boolean remove) {

    public HostAssignmentSpec(
            WorkloadReference workload,
            @Nullable Content live,
            @Nullable Content staged,
            @Nullable Map<String, UserLimits> userLimits,
            Boolean remove) {
        this.workload = workload;
        this.live = live;
        this.staged = staged;
        this.userLimits = userLimits == null ? Map.of() : userLimits;
        this.remove = remove;
    }

    /** A workload by identity. */
    public record WorkloadReference(
            @JsonPropertyDescription("The workload's kind.") @Required @Size(min = 1, max = 63)
            String kind,

            @JsonPropertyDescription("The workload's namespace.") @Required @Size(min = 1, max = 63)
            String namespace,

            @JsonPropertyDescription("The workload's name.") @Required @Size(min = 1, max = 253)
            String name,

            @JsonPropertyDescription("The workload's uid, to tell the older of two by; not part of its identity.")
            @Required
            @Size(max = 64)
            String uid) {}

    /** One revision of a workload, whole. Exactly one of the specs is there. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Content(
            @JsonPropertyDescription("The revision's name: that of its ControllerRevision.")
            @Required
            @Size(min = 1, max = 253)
            String revision,

            @JsonPropertyDescription("The spec, for a PhpFpmPool.") @Nullable
            PhpFpmPoolSpec phpFpmPool,

            @JsonPropertyDescription("The spec, for a RemoteMount.") @Nullable
            RemoteMountSpec remoteMount,

            @JsonPropertyDescription("The Secret in this namespace with the keys that the spec needs.")
            @Size(max = 253)
            @Nullable
            String secret) {

        /** The spec that is there; null if this version knows none of them. */
        public @Nullable WorkloadSpec spec() {
            return phpFpmPool != null ? phpFpmPool : remoteMount;
        }

        /** Whether this is the same revision with the same secret. */
        public boolean isSameAs(@Nullable String otherRevision, @Nullable String otherSecret) {
            return revision.equals(otherRevision) && java.util.Objects.equals(secret, otherSecret);
        }
    }
}
