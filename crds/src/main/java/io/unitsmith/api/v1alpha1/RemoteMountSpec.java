package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One remote file system at one path, mounted at the first access and unmounted when idle. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(value = Rules.ONE_SELECTION, message = Rules.ONE_SELECTION_MESSAGE)
@ValidationRule(
        value = Rules.SSHFS_SOURCE,
        fieldPath = ".source",
        message = "give user@host:/path for type sshfs, in one line",
        messageExpression = "'give user@host:/path for type sshfs, not ' + self.source")
@ValidationRule(
        value = Rules.NFS4_SOURCE,
        fieldPath = ".source",
        message = "give host:/path for type nfs4, in one line",
        messageExpression = "'give host:/path for type nfs4, not ' + self.source")
@ValidationRule(
        value = Rules.CIFS_SOURCE,
        fieldPath = ".source",
        message = "give //host/share for type cifs, in one line",
        messageExpression = "'give //host/share for type cifs, not ' + self.source")
@ValidationRule(
        value = "has(self.credentials) || self.type == 'nfs4' || " + Rules.IS_GUEST,
        fieldPath = ".credentials",
        reason = "FieldValueRequired",
        messageExpression =
                "'type ' + self.type + ' needs credentials.secretRef.name: a Secret with '"
                        + " + (self.type == 'sshfs' ? 'privateKey and knownHosts' : 'username and password, or else the option guest')")
@ValidationRule(
        value = "!has(self.credentials) || self.type != 'nfs4'",
        fieldPath = ".credentials",
        message = "leave credentials out: an nfs4 server trusts the host")
@ValidationRule(
        value = "!has(self.credentials) || !" + Rules.IS_GUEST,
        fieldPath = ".credentials",
        message = "leave credentials out, or else the option guest")
public record RemoteMountSpec(
        @JsonPropertyDescription(
                "The hosts to mount on, by their Host objects' labels. Exactly one of hostSelector and hostNames.")
        @Nullable
        Selector hostSelector,

        @JsonPropertyDescription("The hosts to mount on, by name. Exactly one of hostSelector and hostNames.")
        @Size(max = 1000)
        @ValidationRule(value = Rules.HOST_NAMES, messageExpression = Rules.HOST_NAMES_MESSAGE)
        List<@Size(min = 1, max = 63) String> hostNames,

        @JsonPropertyDescription("The kind of file system. It cannot be changed.")
        @Required
        @ValidationRule(
                value = "self == oldSelf",
                messageExpression =
                        "'it was ' + oldSelf + ' and cannot be changed: delete the RemoteMount and make another'")
        Type type,

        @JsonPropertyDescription(
                "What to mount: user@host:/path for sshfs, host:/path for nfs4, //host/share for cifs. A space is a space.")
        @Required
        @Size(min = 1, max = 1024)
        @ValidationRule(value = Rules.SOURCE_END, message = "a unit file cannot hold a space or backslash at its end")
        String source,

        @JsonPropertyDescription("Where to mount: absolute, without .. and symbolic links. It cannot be changed.")
        @Required
        @Size(min = 1, max = 1024)
        @ValidationRule(value = Rules.CANONICAL_PATH, message = Rules.CANONICAL_PATH_MESSAGE)
        @ValidationRule(
                value = Rules.NOT_SYSTEM,
                message = "the system lives there: mount below a directory of its own, such as /srv/shop")
        @ValidationRule(
                value = "self == oldSelf",
                messageExpression =
                        "'it was ' + oldSelf + ' and cannot be changed: delete the RemoteMount and make another'")
        String path,

        @JsonPropertyDescription(
                "Mount options, from an allowlist per type. nosuid, nodev and _netdev are always there.")
        @Size(max = 32)
        @ValidationRule(value = Rules.OPTIONS, messageExpression = Rules.OPTIONS_MESSAGE)
        @ValidationRule(value = Rules.ALLOWED_OPTIONS, messageExpression = Rules.ALLOWED_OPTIONS_MESSAGE)
        List<@Size(min = 1, max = 128) String> options,

        @JsonPropertyDescription("Mount read-only.") @Default("false")
        Boolean readOnly,

        @JsonPropertyDescription("Mounting at the first access, and unmounting when idle.") @Default("{}")
        Automount automount,

        @JsonPropertyDescription("How long a mount may take before callers get an error; whole seconds.")
        @Default("30s")
        @Size(max = 16)
        @ValidationRule(value = Rules.FROM_1S_TO_10M, message = Rules.FROM_1S_TO_10M_MESSAGE)
        String mountTimeout,

        @JsonPropertyDescription(
                "Take over unit files that a host has for this path already, those of its admin: they come back when the mount is deleted. Otherwise they are a Conflict.")
        @Default("false")
        Boolean adoptExisting,

        @JsonPropertyDescription(
                "What the server asks for: privateKey and knownHosts for sshfs; username, password and, if there is one, domain for cifs.")
        @Nullable
        Credentials credentials,

        @JsonPropertyDescription(
                "What happens to what somebody changes on the host: Repair puts it right, Report only says so.")
        @Default("Repair")
        DriftPolicy driftPolicy)
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
            @Nullable Boolean adoptExisting,
            @Nullable Credentials credentials,
            @Nullable DriftPolicy driftPolicy) {
        this.hostSelector = hostSelector;
        this.hostNames = hostNames == null ? List.of() : hostNames;
        this.type = type;
        this.source = source;
        this.path = path;
        this.options = options == null ? List.of() : options;
        this.readOnly = readOnly;
        this.automount = automount;
        this.mountTimeout = mountTimeout;
        this.adoptExisting = Boolean.TRUE.equals(adoptExisting); // not known to operators before this one
        this.credentials = credentials;
        this.driftPolicy =
                driftPolicy == null ? DriftPolicy.REPAIR : driftPolicy; // not known to operators before this one
    }

    @Override
    public List<String> secretNames() {
        return credentials == null ? List.of() : List.of(credentials.secretRef().name());
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
            @ValidationRule(value = Rules.FROM_0S_TO_24H, message = Rules.FROM_0S_TO_24H_MESSAGE)
            String idleTimeout) {}

    /** Where the credentials are. */
    public record Credentials(
            @JsonPropertyDescription("The Secret that holds the credentials.") @Required
            SecretReference secretRef) {}
}
