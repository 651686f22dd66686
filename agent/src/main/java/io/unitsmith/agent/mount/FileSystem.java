package io.unitsmith.agent.mount;

import io.unitsmith.agent.mount.Ownership.Owner;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A kind of file system: what a user may ask of it, and what its mount helper is told. */
interface FileSystem {

    /** A host name or an address; not with a leading -, which ssh would take for an option. */
    String HOST = "(?:[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:.]+])";

    static FileSystem of(RemoteMountSpec.Type type) {
        return switch (type) {
            case SSHFS -> new Sshfs();
            case NFS, NFS4 -> new Nfs(type);
            case CIFS, SMB3 -> new Cifs(type);
            case DAVFS -> new Davfs();
            case S3FS -> new S3fs();
            case GLUSTERFS -> new Glusterfs();
            case CEPH -> new Ceph();
        };
    }

    RemoteMountSpec.Type type();

    /** As {@code spec.type} and the host's facts spell it. */
    default String name() {
        return type().name().toLowerCase(Locale.ROOT);
    }

    /** As systemd and mount(8) spell it. */
    String unitType();

    /** The package that brings the mount helper. */
    String debianPackage();

    /** What a source matches. */
    Pattern source();

    /** What a source looks like. */
    String sourceForm();

    /** The options that a user may give. */
    Options options();

    /** The option that no mount can do without. */
    default Optional<String> neededOption() {
        return Optional.empty();
    }

    /** Why its helper cannot mount at such a path, which a unit can name; empty if it can. */
    default Optional<String> pathFault(String path) {
        return Optional.empty();
    }

    /**
     * What the mount helper is told, but for the credentials: where an option is there twice, the last counts.
     *
     * @param given the options that the user gave
     */
    default List<String> mountOptions(List<String> given) {
        return given;
    }

    /** Whether mount(8) succeeds before the server has been asked: what then ends right away has failed. */
    default boolean mountsUnasked() {
        return false;
    }

    /** What is wrong with the value of a Secret's key, which is text and not blank; never with the value. */
    default Optional<String> secretFault(String key, String value) {
        return Optional.empty();
    }

    /**
     * The files that only root reads, by name.
     *
     * @param secret what the Secret has of the keys that the type knows; all that it needs
     * @param folder where the files will be, with a slash at the end
     */
    default Map<String, String> files(RemoteMountSpec spec, Map<String, String> secret, String folder) {
        return Map.of();
    }

    /** The mount options that name the files, so that the helper asks nobody. */
    default List<String> loginOptions(String folder) {
        return List.of();
    }

    /** Why files cannot show such an owner; empty if they can. */
    default Optional<String> ownershipFault(RemoteMountSpec.Ownership ownership) {
        return Optional.of("%s takes none, since the server says whose files are: leave it out".formatted(name()));
    }

    /** The mount options by which they show it; none where it is a fault. */
    default List<String> ownershipOptions(Owner owner) {
        return List.of();
    }
}
