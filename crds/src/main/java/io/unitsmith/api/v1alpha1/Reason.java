package io.unitsmith.api.v1alpha1;

/** Every reason that a condition, a problem or an event can have: a closed list, documented in docs/reference/reasons.md. */
public enum Reason {
    /** Everything is as asked for. */
    READY,
    /** The pool's socket listens; the master starts on the first request. */
    IDLE,
    /** Nothing wrong is known. */
    NO_PROBLEMS,
    /** Nothing is under way. */
    UP_TO_DATE,
    /** Hosts are on their way to the current revision. */
    ROLLING_OUT,
    /** Hosts still have to report. */
    PENDING,
    /** No Host matches the selector or the names. */
    NO_HOSTS_SELECTED,
    /** A host named in the spec has no Host object. */
    HOST_NOT_FOUND,
    /** Some hosts failed. */
    HOSTS_FAILED,
    /** Some hosts' agents have not been heard for the grace time. */
    HOSTS_UNREACHABLE,
    /** Too few hosts are ready at the current revision. */
    HOSTS_NOT_READY,
    /** The workload is being removed from its hosts. */
    DELETING,
    /** No TenantPolicy allows what the spec asks for. */
    NOT_PERMITTED,
    /** The host's own ceiling forbids what the spec asks for. */
    CEILING_DENIED,
    /** Somebody else has it already: a file, a path, a user, a namespace. */
    CONFLICT,
    /** This version cannot read the object in full. */
    NOT_UNDERSTOOD,
    /** A value that cannot be made to work on any host. */
    INVALID,
    /** The user does not exist on the host. */
    USER_NOT_FOUND,
    /** The group does not exist on the host. */
    GROUP_NOT_FOUND,
    /** The host has no PHP-FPM of this version. */
    PHP_VERSION_NOT_FOUND,
    /** A directory that the spec names does not exist on the host. */
    DIRECTORY_NOT_FOUND,
    /** php-fpm -t refused the configuration. */
    CONFIG_REJECTED,
    /** systemd-analyze verify refused a unit. */
    UNIT_REJECTED,
    /** A file system of the host has too little room left for the change. */
    DISK_FULL,
    /** The host lacks the helper for this kind of mount. */
    MOUNT_HELPER_NOT_FOUND,
    /** A RemoteMount that the pool requires is not on the host, or is refused there. */
    MOUNT_UNAVAILABLE,
    /** The Secret does not exist. */
    SECRET_NOT_FOUND,
    /** The Secret lacks a key, or the key's value cannot be used. */
    SECRET_INVALID,
    /** New credentials are being tried; those before stay in use. */
    CREDENTIALS_PENDING,
    /** Mounting with new credentials failed; those before stay in use. */
    CREDENTIALS_FAILED,
    /** A change could not be carried out on the host; it is tried again. */
    APPLY_FAILED,
    /** A unit failed. */
    UNIT_FAILED,
    /** The kernel has killed processes of a pool, since its memory was used up. */
    OUT_OF_MEMORY,
    /** The file system is mounted, and its server does not answer. */
    MOUNT_HUNG,
    /** The file system is mounted, and every access is answered with an error. */
    MOUNT_BROKEN,
    /** The mount is in use and cannot be taken away. */
    MOUNT_BUSY,
    /** Somebody changed on the host what was applied, and it stays so. */
    DRIFTED,
    /** Somebody changes again and again what the agent puts right, so it has stopped. */
    CONTENDED,
    /** A drop-in or a unit file of somebody else changes a unit of the workload. */
    FOREIGN_DROP_IN,
    /** Somebody changed on the host what was applied, and the agent has put it right. */
    REPAIRED,
    /** The agent has not been heard for the grace time. */
    AGENT_UNREACHABLE,
    /** The agent has not been heard for the grace time, and its credential has expired since. */
    CREDENTIAL_EXPIRED,
    /** The host has not joined yet. */
    NOT_JOINED,
    /** Two machines use one host's identity. */
    DUPLICATE_AGENT,
    /** The removal is done. */
    REMOVED,
    /** A host joined. */
    JOINED;

    /** As it stands in the API, such as {@code UserNotFound}. */
    public String text() {
        var text = new StringBuilder();
        for (String word : name().split("_", -1)) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return text.toString();
    }
}
