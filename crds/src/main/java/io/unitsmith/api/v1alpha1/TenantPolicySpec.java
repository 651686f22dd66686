package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists of patterns: {@code *} stands for any characters, all else for itself. An absent list allows nothing, but for hardeningProfiles. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TenantPolicySpec(
        @JsonPropertyDescription("The namespaces that this is for, by label.") @Required
        Selector namespaceSelector,

        @JsonPropertyDescription("The hosts that they may use, by the Host objects' labels.") @Required
        Selector hostSelector,

        @JsonPropertyDescription("UNIX users that pools may run as; * stands for any characters.") @Size(max = 256)
        List<@Size(min = 1, max = 64) @Pattern(Rules.UNIX_NAME_WILDCARD) String> users,

        @JsonPropertyDescription("UNIX groups that pools may name; a user's primary group needs no entry.")
        @Size(max = 256)
        List<@Size(min = 1, max = 64) @Pattern(Rules.UNIX_NAME_WILDCARD) String> groups,

        @JsonPropertyDescription("Groups that pools may open their socket for.") @Size(max = 64)
        List<@Size(min = 1, max = 64) @Pattern(Rules.UNIX_NAME_WILDCARD) String> socketGroups,

        @JsonPropertyDescription(
                "Directories that mounts, chdir and readWritePaths may be in: the directory itself and all below it.")
        @Size(max = 256)
        @ValidationRule(value = Rules.CANONICAL_PATHS, messageExpression = Rules.CANONICAL_PATHS_MESSAGE)
        List<@Size(min = 1, max = 1024) String> paths,

        @JsonPropertyDescription("Kinds of file system that may be mounted.") @Size(max = 16)
        List<RemoteMountSpec.Type> mountTypes,

        @JsonPropertyDescription("Sources that may be mounted; * stands for any characters.") @Size(max = 256)
        List<@Size(min = 1, max = 1024) @Pattern("^[^\\x00-\\x1f\\x7f]+$") String> mountSources,

        @JsonPropertyDescription("Sandboxes that pools may choose.")
        @Default("[\"standard\", \"strict\"]")
        @Size(max = 3)
        List<Hardening.Profile> hardeningProfiles,

        @JsonPropertyDescription(
                "What one pool may ask for at most, and all of a user may use; what is left out has no bound.")
        @Default("{}")
        Maximum maximum) {

    public TenantPolicySpec(
            Selector namespaceSelector,
            Selector hostSelector,
            @Nullable List<String> users,
            @Nullable List<String> groups,
            @Nullable List<String> socketGroups,
            @Nullable List<String> paths,
            @Nullable List<RemoteMountSpec.Type> mountTypes,
            @Nullable List<String> mountSources,
            @Nullable List<Hardening.Profile> hardeningProfiles,
            @Nullable Maximum maximum) {
        this.namespaceSelector = namespaceSelector;
        this.hostSelector = hostSelector;
        this.users = users == null ? List.of() : users;
        this.groups = groups == null ? List.of() : groups;
        this.socketGroups = socketGroups == null ? List.of() : socketGroups;
        this.paths = paths == null ? List.of() : paths;
        this.mountTypes = mountTypes == null ? List.of() : mountTypes;
        this.mountSources = mountSources == null ? List.of() : mountSources;
        this.hardeningProfiles = hardeningProfiles == null
                ? List.of(Hardening.Profile.STANDARD, Hardening.Profile.STRICT)
                : hardeningProfiles;
        this.maximum = maximum == null ? Maximum.NONE : maximum;
    }

    /** Bounds for each pool, where one that asks for no bound is refused, and for all of a user, whatever they ask for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Maximum(
            @JsonPropertyDescription("The most that processManager.maxChildren may be.") @Min(1) @Max(10000) @Nullable
            Integer maxChildren,

            @JsonPropertyDescription(
                    "The most that resources.memoryMax may be, such as 2Gi; without one it is refused.")
            @Size(max = 24)
            @ValidationRule(value = Rules.SIZE, message = Rules.SIZE_MESSAGE)
            @Nullable
            String memoryMax,

            @JsonPropertyDescription(
                    "The most that resources.cpuQuota may be, such as \"400%\"; without one it is refused.")
            @Size(max = 8)
            @ValidationRule(value = Rules.PERCENT, message = Rules.PERCENT_MESSAGE)
            @Nullable
            String cpuQuota,

            @JsonPropertyDescription(
                    "What all pools of one user on a host may use together; of several policies that allow the user the lower bound holds.")
            @Nullable
            UserLimits perUser) {

        static final Maximum NONE = new Maximum(null, null, null, null);
    }
}
