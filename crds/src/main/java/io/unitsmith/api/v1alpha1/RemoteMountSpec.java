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
        messageExpression = "'give user@host:/path for type ' + self.type + ', not ' + self.source")
@ValidationRule(
        value = Rules.NFS_SOURCE,
        fieldPath = ".source",
        message = "give host:/path for type nfs or nfs4, in one line",
        messageExpression = "'give host:/path for type ' + self.type + ', not ' + self.source")
@ValidationRule(
        value = Rules.CIFS_SOURCE,
        fieldPath = ".source",
        message = "give //host/share without commas for type cifs or smb3, in one line",
        messageExpression = "'give //host/share without commas for type ' + self.type + ', not ' + self.source")
@ValidationRule(
        value = Rules.DAVFS_SOURCE,
        fieldPath = ".source",
        message = "give https://host/path for type davfs, in one line",
        messageExpression = "'give https://host/path for type ' + self.type + ', not ' + self.source")
@ValidationRule(
        value = Rules.S3FS_SOURCE,
        fieldPath = ".source",
        message = "give bucket or bucket:/path for type s3fs, in one line",
        messageExpression = "'give bucket or bucket:/path for type ' + self.type + ', not ' + self.source")
@ValidationRule(
        value = Rules.GLUSTERFS_SOURCE,
        fieldPath = ".source",
        message = "give host:/volume for type glusterfs, in one line",
        messageExpression = "'give host:/volume for type ' + self.type + ', not ' + self.source")
@ValidationRule(
        value = Rules.CEPH_SOURCE,
        fieldPath = ".source",
        message = "give monitor:/path, or monitor,monitor:/path for type ceph, in one line",
        messageExpression =
                "'give monitor:/path, or monitor,monitor:/path for type ' + self.type + ', not ' + self.source")
@ValidationRule(
        value = "has(self.credentials) || " + Rules.TRUSTS_THE_HOST + " || " + Rules.IS_GUEST,
        fieldPath = ".credentials",
        reason = "FieldValueRequired",
        messageExpression =
                "'type ' + self.type + ' needs credentials.secretRef.name: a Secret with ' + " + Rules.NEEDED_KEYS)
@ValidationRule(
        value = "!has(self.credentials) || !" + Rules.TRUSTS_THE_HOST,
        fieldPath = ".credentials",
        message = "leave credentials out: the server trusts the host",
        messageExpression = "'leave credentials out: a server of type ' + self.type + ' trusts the host'")
@ValidationRule(
        value = "!has(self.credentials) || !" + Rules.IS_GUEST,
        fieldPath = ".credentials",
        message = "leave credentials out, or else the option guest")
@ValidationRule(
        value = "self.type != 'ceph' || (has(self.options) && self.options.exists(option, option.startsWith('name=')))",
        fieldPath = ".options",
        reason = "FieldValueRequired",
        message = "type ceph needs the option name=, the user that the key is of")
@ValidationRule(
        value = "!has(self.ownership) || self.type in ['cifs', 'smb3', 'sshfs', 'davfs', 's3fs']",
        fieldPath = ".ownership",
        message = "leave ownership out: the server says whose files are",
        messageExpression = "'leave ownership out: a server of type ' + self.type + ' says whose files are'")
@ValidationRule(
        value = Rules.ONE_MODE,
        fieldPath = ".ownership",
        message =
                "type sshfs or s3fs shows one mode for files and directories: give fileMode and dirMode the same, or neither",
        messageExpression =
                "'type ' + self.type + ' shows one mode for files and directories: give fileMode and dirMode the same, or neither'")
public record RemoteMountSpec(
        @JsonPropertyDescription(
                "The hosts to mount on, by their Host objects' labels. Exactly one of hostSelector and hostNames.")
        @Nullable
        Selector hostSelector,

        @JsonPropertyDescription("The hosts to mount on, by name. Exactly one of hostSelector and hostNames.")
        @Size(max = 1000)
        @ValidationRule(value = Rules.HOST_NAMES, messageExpression = Rules.HOST_NAMES_MESSAGE)
        List<@Size(min = 1, max = 63) String> hostNames,

        @JsonPropertyDescription(
                "The kind of file system; nfs is version 3, nfs4 version 4, smb3 is cifs of version 3 and newer. It cannot be changed.")
        @Required
        @ValidationRule(
                value = "self == oldSelf",
                messageExpression =
                        "'it was ' + oldSelf + ' and cannot be changed: delete the RemoteMount and make another'")
        Type type,

        @JsonPropertyDescription(
                "What to mount: host:/path for nfs and nfs4, //host/share for cifs and smb3, user@host:/path for sshfs, https://host/path for davfs, bucket or bucket:/path for s3fs, host:/volume for glusterfs, monitor:/path for ceph. A space is a space.")
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

        @JsonPropertyDescription("The mode of the directory that it is mounted at, where that has to be made.")
        @Default("0755")
        @Size(min = 1, max = 16)
        @ValidationRule(value = Rules.MODE, message = Rules.MODE_MESSAGE)
        String directoryMode,

        @JsonPropertyDescription(
                "Whose the files show to be on the host, for types whose server does not say so: cifs, smb3, sshfs, davfs and s3fs.")
        @Nullable
        Ownership ownership,

        @JsonPropertyDescription(
                "Take over unit files that a host has for this path already, those of its admin: they come back when the mount is deleted. Otherwise they are a Conflict.")
        @Default("false")
        Boolean adoptExisting,

        @JsonPropertyDescription(
                "Let nobody, not even root, write into the folder while nothing is mounted on it. It has to be empty, or it is a Conflict.")
        @Default("true")
        Boolean protectMountpoint,

        @JsonPropertyDescription(
                "What the server asks for: username, password and, if there is one, domain for cifs and smb3; privateKey and knownHosts for sshfs; username and password for davfs; accessKey and secretKey for s3fs; secretKey for ceph.")
        @Nullable
        Credentials credentials,

        @JsonPropertyDescription(
                "When new credentials count, which each host tries first: OnNextMount leaves what is mounted as it is, Remount unmounts it once nobody uses it.")
        @Default("OnNextMount")
        RotationPolicy rotationPolicy,

        @JsonPropertyDescription(
                "What happens to what somebody changes on the host: Repair puts it right, Report only says so.")
        @Default("Repair")
        DriftPolicy driftPolicy,

        @JsonPropertyDescription(
                "How it is taken away when it is edited or deleted. Graceful waits for whoever uses it; Lazy takes it out of the tree"
                        + " at once, and who has a file open keeps that; Force has whatever waits for the server fail, and loses what is not written yet.")
        @Default("Graceful")
        UnmountPolicy unmountPolicy,

        @JsonPropertyDescription("Asking the server from time to time whether it still answers.") @Default("{}")
        Health health)
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
            @Nullable String directoryMode,
            @Nullable Ownership ownership,
            @Nullable Boolean adoptExisting,
            @Nullable Boolean protectMountpoint,
            @Nullable Credentials credentials,
            @Nullable RotationPolicy rotationPolicy,
            @Nullable DriftPolicy driftPolicy,
            @Nullable UnmountPolicy unmountPolicy,
            @Nullable Health health) {
        this.hostSelector = hostSelector;
        this.hostNames = hostNames == null ? List.of() : hostNames;
        this.type = type;
        this.source = source;
        this.path = path;
        this.options = options == null ? List.of() : options;
        this.readOnly = readOnly;
        this.automount = automount;
        this.mountTimeout = mountTimeout;
        this.directoryMode = directoryMode == null ? "0755" : directoryMode; // not known to operators before this one
        this.ownership = ownership;
        this.adoptExisting = Boolean.TRUE.equals(adoptExisting); // not known to operators before this one
        this.protectMountpoint = !Boolean.FALSE.equals(protectMountpoint); // not known to operators before this one
        this.credentials = credentials;
        this.rotationPolicy = rotationPolicy == null
                ? RotationPolicy.ON_NEXT_MOUNT
                : rotationPolicy; // not known to operators before this one
        this.driftPolicy =
                driftPolicy == null ? DriftPolicy.REPAIR : driftPolicy; // not known to operators before this one
        this.unmountPolicy = unmountPolicy == null ? UnmountPolicy.GRACEFUL : unmountPolicy; // nor this
        this.health = health == null ? Health.DEFAULT : health; // nor this
    }

    @Override
    public List<String> secretNames() {
        return credentials == null ? List.of() : List.of(credentials.secretRef().name());
    }

    /** The file systems that can be mounted. */
    public enum Type {
        @JsonProperty("nfs")
        NFS,
        @JsonProperty("nfs4")
        NFS4,
        @JsonProperty("cifs")
        CIFS,
        @JsonProperty("smb3")
        SMB3,
        @JsonProperty("sshfs")
        SSHFS,
        @JsonProperty("davfs")
        DAVFS,
        @JsonProperty("s3fs")
        S3FS,
        @JsonProperty("glusterfs")
        GLUSTERFS,
        @JsonProperty("ceph")
        CEPH;

        /** The keys that the Secret has to have; none for a type that takes no Secret, since the server trusts the host. */
        public List<String> requiredKeys() {
            return switch (this) {
                case NFS, NFS4, GLUSTERFS -> List.of();
                case CIFS, SMB3, DAVFS -> List.of("username", "password");
                case SSHFS -> List.of("privateKey", "knownHosts");
                case S3FS -> List.of("accessKey", "secretKey");
                case CEPH -> List.of("secretKey");
            };
        }

        /** The keys that it may have besides. */
        public List<String> optionalKeys() {
            return this == CIFS || this == SMB3 ? List.of("domain") : List.of();
        }
    }

    /** When new credentials count. */
    public enum RotationPolicy {
        /** A session goes on with what it was opened with; the next one has the new. */
        @JsonProperty("OnNextMount")
        ON_NEXT_MOUNT,
        /** What is mounted is unmounted as soon as nobody uses it, and the next access has the new. */
        @JsonProperty("Remount")
        REMOUNT
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

    /** How a mount is taken away. */
    public enum UnmountPolicy {
        @JsonProperty("Graceful")
        GRACEFUL,
        @JsonProperty("Lazy")
        LAZY,
        @JsonProperty("Force")
        FORCE
    }

    /** Asking the server whether it still answers. */
    public record Health(
            @JsonPropertyDescription("What it is asked: statfs asks for the free space, none does not ask at all.")
            @Default("statfs")
            Probe probe,

            @JsonPropertyDescription(
                    "How often, while it is mounted; whole seconds. Being asked counts as use: a mount that is to be unmounted when idle"
                            + " is asked only every one and a half times idleTimeout, where that is longer.")
            @Default("1m")
            @Size(max = 16)
            @ValidationRule(value = Rules.FROM_10S_TO_24H, message = Rules.FROM_10S_TO_24H_MESSAGE)
            String interval,

            @JsonPropertyDescription("A server that has not answered for so long hangs; whole seconds.")
            @Default("10s")
            @Size(max = 16)
            @ValidationRule(value = Rules.FROM_1S_TO_10M, message = Rules.FROM_1S_TO_10M_MESSAGE)
            String timeout,

            @JsonPropertyDescription(
                    "What happens to a mount that hangs: Report only says so; ForceUnmount takes it away, and whatever waits for the server fails,"
                            + " once it has hung for twice the timeout.")
            @Default("Report")
            HealthAction action) {

        static final Health DEFAULT = new Health(Probe.STATFS, "1m", "10s", HealthAction.REPORT);
    }

    /** What a server is asked. */
    public enum Probe {
        @JsonProperty("statfs")
        STATFS,
        @JsonProperty("none")
        NONE
    }

    /** What happens to a mount that hangs. */
    public enum HealthAction {
        @JsonProperty("Report")
        REPORT,
        @JsonProperty("ForceUnmount")
        FORCE_UNMOUNT
    }

    /** Where the credentials are. */
    public record Credentials(
            @JsonPropertyDescription("The Secret that holds the credentials.") @Required
            SecretReference secretRef) {}

    /** Whose files show to be on a host, and what may be done with them there. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Ownership(
            @JsonPropertyDescription(
                    "The user: a name that each host knows, or a number in quotes. Never root. Left out: as the type has it.")
            @Size(min = 1, max = 32)
            @ValidationRule(value = Rules.OWNER, message = Rules.OWNER_MESSAGE)
            @Nullable
            String uid,

            @JsonPropertyDescription(
                    "The group: a name that each host knows, or a number in quotes. Never root. Left out: as the type has it.")
            @Size(min = 1, max = 32)
            @ValidationRule(value = Rules.OWNER, message = Rules.OWNER_MESSAGE)
            @Nullable
            String gid,

            @JsonPropertyDescription("The mode of files: four octal digits. Left out: as the type has it.")
            @Size(min = 1, max = 16)
            @ValidationRule(value = Rules.MODE, message = Rules.MODE_MESSAGE)
            @Nullable
            String fileMode,

            @JsonPropertyDescription("The mode of directories: four octal digits. Left out: as the type has it.")
            @Size(min = 1, max = 16)
            @ValidationRule(value = Rules.MODE, message = Rules.MODE_MESSAGE)
            @Nullable
            String dirMode) {}
}
