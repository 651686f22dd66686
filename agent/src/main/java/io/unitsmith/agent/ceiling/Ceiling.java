package io.unitsmith.agent.ceiling;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.HostFacts.Group;
import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.agent.workload.Claims;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this host allows, whoever asks: who controls the cluster shall not get root on the hosts.
 *
 * @param lowestUid users below it belong to the system
 * @param lowestGid groups below it belong to the system: PHP may not be put into them
 * @param forbiddenGroups groups as good as root, or with a view of its secrets: PHP runs neither in them nor as a member
 * @param forbiddenMountPaths paths that nothing may be mounted over
 */
public record Ceiling(
        long lowestUid, long lowestGid, Set<String> forbiddenGroups, List<PathPattern> forbiddenMountPaths) {

    /** What holds where the host's owner says nothing else: the same as in the agent.yaml of the package. */
    public static final Ceiling DEFAULT = new Ceiling(
            1000,
            1000,
            Set.of(
                    "adm",
                    "admin",
                    "backup",
                    "disk",
                    "docker",
                    "incus-admin",
                    "kmem",
                    "libvirt",
                    "lxd",
                    "nobody",
                    "nogroup",
                    "operator",
                    "root",
                    "shadow",
                    "ssl-cert",
                    "staff",
                    "sudo",
                    "systemd-journal",
                    "wheel"),
            PathPattern.list(
                    "/bin/**",
                    "/boot/**",
                    "/dev/**",
                    "/efi/**",
                    "/etc/**",
                    "/lib/**",
                    "/lib32/**",
                    "/lib64/**",
                    "/libx32/**",
                    "/nix/**",
                    "/opt/**",
                    "/proc/**",
                    "/root/**",
                    "/run/**",
                    "/sbin/**",
                    "/snap/**",
                    "/sys/**",
                    "/tmp/**",
                    "/usr/**",
                    "/var/backups/**",
                    "/var/cache/**",
                    "/var/lib/**",
                    "/var/lock/**",
                    "/var/log/**",
                    "/var/mail/**",
                    "/var/run/**",
                    "/var/spool/**",
                    "/var/tmp/**",
                    "/home/*",
                    "/home/*/.*/**",
                    "/home/*/bin/**",
                    "/srv"));

    public Ceiling {
        forbiddenGroups = Set.copyOf(forbiddenGroups);
        forbiddenMountPaths = List.copyOf(forbiddenMountPaths);
    }

    /** What of the claims this host does not allow. A user or group that the host does not have is not judged here. */
    public List<Problem> check(Claims claims, HostFacts facts) {
        var problems = new Problems();
        for (Claim claim : claims.users()) {
            @Nullable User user = facts.users().get(claim.value());
            if (user != null) {
                checkUser(claim, user, problems);
            }
        }
        for (Claim claim : claims.groups()) {
            checkGroup(claim, facts.groups().get(claim.value()), problems);
        }
        for (Claim claim : claims.mountPoints()) {
            checkMountPoint(claim, problems);
        }
        return problems.toList();
    }

    private void checkUser(Claim claim, User user, Problems problems) {
        if (user.uid() < lowestUid) {
            deny(
                    claim,
                    "has uid %d, and this host allows %d and above: name a user that is not the system's"
                            .formatted(user.uid(), lowestUid),
                    problems);
        }
        for (String group : user.groups().stream().sorted().toList()) {
            if (forbiddenGroups.contains(group)) {
                deny(
                        claim,
                        "is in the group %s, which this host forbids: name a user without special rights"
                                .formatted(group),
                        problems);
            }
        }
    }

    private void checkGroup(Claim claim, @Nullable Group group, Problems problems) {
        if (forbiddenGroups.contains(claim.value())) {
            deny(claim, "is a group that this host forbids: name a group of the tenant's own", problems);
        } else if (group != null && group.gid() < lowestGid) {
            deny(
                    claim,
                    "has gid %d, and this host allows %d and above: name a group that is not the system's"
                            .formatted(group.gid(), lowestGid),
                    problems);
        }
    }

    private void checkMountPoint(Claim claim, Problems problems) {
        forbiddenMountPaths.stream()
                .filter(forbidden -> forbidden.isHiddenBy(claim.value()))
                .findFirst()
                .ifPresent(forbidden -> deny(
                        claim,
                        "would hide %s, which this host forbids: mount at a directory of its own, such as /srv/uploads"
                                .formatted(forbidden),
                        problems));
    }

    private static void deny(Claim claim, String why, Problems problems) {
        problems.add(Reason.CEILING_DENIED, claim.field(), "\"%s\" %s".formatted(claim.value(), why));
    }
}
