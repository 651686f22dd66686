package io.unitsmith.agent.facts;

import io.unitsmith.api.v1alpha1.HostFacts.Php;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What rendering needs to know of the host: a snapshot, made before anything is rendered.
 *
 * @param systemd systemd's major version
 * @param php PHP version (major.minor) to its binary
 * @param users of those that the desired state names, the ones that exist
 * @param groups of those that the desired state names, the ones that exist, with their gid
 * @param mountHelpers kinds of file system that can be mounted, as {@code RemoteMount.spec.type} spells them
 * @param mounts RemoteMounts that this host is to have, {@code namespace/name}, to the unit that has to be active for each
 */
public record HostFacts(
        int systemd,
        Map<String, Php> php,
        Map<String, User> users,
        Map<String, Group> groups,
        Set<String> mountHelpers,
        Map<String, String> mounts) {

    /** The same host with these mounts. */
    public HostFacts withMounts(Map<String, String> others) {
        return new HostFacts(systemd, php, users, groups, mountHelpers, others);
    }

    /** How {@link #mounts} calls a RemoteMount. */
    public static String mountKey(String namespace, String name) {
        return namespace + "/" + name;
    }

    /** The unit that has to be active for this RemoteMount; empty if this host is not to have it. */
    public Optional<String> mountUnit(String namespace, String name) {
        return Optional.ofNullable(mounts.get(mountKey(namespace, name)));
    }

    /** The users' ids, by name. */
    public Map<String, Long> uids() {
        return users.values().stream().collect(Collectors.toMap(User::name, User::uid));
    }

    /**
     * A UNIX user, from the host's name service.
     *
     * @param group the primary group
     * @param groups every group that a login gets, the primary one included: what {@code id -Gn} prints
     */
    public record User(String name, long uid, long gid, String group, Set<String> groups, String home) {}

    /** A UNIX group. */
    public record Group(String name, long gid) {}
}
