package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One remote file system at one path, mounted at the first access and unmounted when idle. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.hostSelector) != (has(self.hostNames) && size(self.hostNames) > 0)",
        message = "give exactly one of hostSelector and hostNames")
public record RemoteMountSpec(
        @JsonPropertyDescription(
                "The hosts to mount on, by their Host objects' labels. Exactly one of hostSelector and hostNames.")
        @Nullable
        Selector hostSelector,

        @JsonPropertyDescription("The hosts to mount on, by name. Exactly one of hostSelector and hostNames.")
        @Size(max = 1000)
        List<@Size(min = 1, max = 48) String> hostNames,

        @JsonPropertyDescription("The kind of file system. It cannot be changed.") @Required
        Type type,

        @JsonPropertyDescription(
                "What to mount: user@host:/path for sshfs, host:/path for nfs4, //host/share for cifs. A space is a space.")
        @Required
        @Size(min = 1, max = 1024)
        String source,

        @JsonPropertyDescription("Where to mount: absolute, without .. and symbolic links. It cannot be changed.")
        @Required
        @Size(min = 2, max = 1024)
        String path,

        @JsonPropertyDescription(
                "Mount options, from an allowlist per type. nosuid, nodev and _netdev are always there.")
        @Size(max = 32)
        List<@Size(min = 1, max = 128) String> options,

        @JsonPropertyDescription("Mount read-only.") @Default("false")
        Boolean readOnly,

        @JsonPropertyDescription("Mounting at the first access, and unmounting when idle.") @Default("{}")
        Automount automount,

        @JsonPropertyDescription("How long a mount may take before callers get an error; whole seconds.")
        @Default("30s")
        @Size(max = 16)
        @Pattern(Durations.PATTERN)
        String mountTimeout,

        @JsonPropertyDescription(
                "What the server asks for: privateKey and knownHosts for sshfs; username, password and, if there is one, domain for cifs.")
        @Nullable
        Credentials credentials)
        implements WorkloadSpec {

    public RemoteMountSpec(
            @Nullable Selector hostSelector,
            @Nullable List<String> hostNames,
            Type type,
            String source,
            String path,
            @Nullable List<String> options,
            Boolean readOnly,
            Automount automount,
            String mountTimeout,
            @Nullable Credentials credentials) {
        this.hostSelector = hostSelector;
        this.hostNames = hostNames == null ? List.of() : hostNames;
        this.type = type;
        this.source = source;
        this.path = path;
        this.options = options == null ? List.of() : options;
        this.readOnly = readOnly;
        this.automount = automount;
        this.mountTimeout = mountTimeout;
        this.credentials = credentials;
    }

    /** The file systems that can be mounted. */
    public enum Type {
        @JsonProperty("sshfs")
        SSHFS,
        @JsonProperty("nfs4")
        NFS4,
        @JsonProperty("cifs")
        CIFS
    }

    /** The automount unit. */
    public record Automount(
            @JsonPropertyDescription("Mount at the first access; otherwise at boot, and at once.") @Default("true")
            Boolean enabled,

            @JsonPropertyDescription("Unmount after this time without use; whole seconds, 0s: never.")
            @Default("5m")
            @Size(max = 16)
            @Pattern(Durations.PATTERN)
            String idleTimeout) {}

    /** Where the credentials are. */
    public record Credentials(
            @JsonPropertyDescription("The Secret that holds the credentials.") @Required
            SecretReference secretRef) {}
}
