package io.unitsmith.agent.pool;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.HostFacts.Group;
import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.agent.workload.Workload.Requirement;
import io.unitsmith.api.v1alpha1.Hardening.Profile;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands against a pool on a host, all of it at once. */
final class PoolRules {

    private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9._-]{1,31}");
    private static final Pattern SOCKET_MODE = Pattern.compile("0[0-7][0-7]0");

    private final PhpFpmPoolSpec spec;
    private final HostFacts facts;
    private final Problems problems = new Problems();

    private PoolRules(PhpFpmPoolSpec spec, HostFacts facts) {
        this.spec = spec;
        this.facts = facts;
    }

    static List<Problem> check(
            PhpFpmPoolSpec spec, SecretEnvironment secrets, List<Requirement> mounts, HostFacts facts) {
        var rules = new PoolRules(spec, facts);
        rules.checkIdentity();
        rules.checkSocketMode();
        rules.checkPhpVersion();
        ProcessRules.check(spec, rules.problems);
        rules.checkChdir();
        rules.checkExtensions();
        LogRules.check(spec, rules.problems);
        PageRules.check(spec.monitoring(), rules.problems);
        ConfinementRules.check(spec, rules.problems);
        if (facts.php().containsKey(spec.phpVersion())) {
            VersionRules.check(spec, rules.problems);
        }
        SettingRules.check(spec, rules.problems);
        secrets.check(rules.problems);
        rules.checkMounts(mounts);
        return rules.problems.toList();
    }

    /** A user or group that may connect to sockets of pools runs code as their users: the groups are kept apart. */
    private void checkIdentity() {
        @Nullable User user = facts.users().get(spec.user());
        if (user == null) {
            add(
                    Reason.USER_NOT_FOUND,
                    "spec.user",
                    "no user \"%s\" on this host: create it, or name one that exists".formatted(spec.user()));
        } else {
            checkBinds(user);
        }
        @Nullable Group group = spec.group() == null ? null : requireGroup("spec.group", spec.group());
        @Nullable
        Group socketGroup = requireGroup("spec.socket.group", spec.socket().group());
        if (socketGroup == null) {
            return;
        }
        if (group != null && group.gid() == socketGroup.gid()) {
            add(
                    Reason.INVALID,
                    "spec.group",
                    "\"%s\" is the socket's group too, so PHP could run code as the user of every other pool: name another"
                            .formatted(spec.group()));
        }
        if (user != null && (user.gid() == socketGroup.gid() || user.groups().contains(socketGroup.name()))) {
            add(
                    Reason.INVALID,
                    "spec.user",
                    "\"%s\" is in the socket's group \"%s\", so PHP could run code as the user of every other pool: take the user out of that group"
                            .formatted(spec.user(), socketGroup.name()));
        }
    }

    private void checkBinds(User user) {
        String home = user.home();
        List<String> binds = PoolSandbox.binds(spec, home);
        if (binds.contains(home) || spec.hardening().profile() == Profile.STRICT) {
            UnitFile.bindFault(home)
                    .ifPresent(fault -> add(
                            Reason.INVALID,
                            "spec.user",
                            "the home of \"%s\" on this host, \"%s\", %s".formatted(user.name(), home, fault)));
        }
        String chdir = spec.chdir();
        if (chdir != null
                && binds.contains(chdir)
                && !chdir.equals(home)
                && HostPath.fault(chdir).isEmpty()) {
            problems.addIf(UnitFile.bindFault(chdir), "spec.chdir", chdir);
        }
    }

    private @Nullable Group requireGroup(String field, String name) {
        @Nullable Group group = facts.groups().get(name);
        if (group == null) {
            add(
                    Reason.GROUP_NOT_FOUND,
                    field,
                    "no group \"%s\" on this host: create it, or name one that exists".formatted(name));
        }
        return group;
    }

    private void checkSocketMode() {
        String mode = spec.socket().mode();
        if (!SOCKET_MODE.matcher(mode).matches()) {
            add(
                    Reason.INVALID,
                    "spec.socket.mode",
                    "\"%s\" is not four octal digits with nothing for others: write \"0660\"".formatted(mode));
        }
    }

    private void checkPhpVersion() {
        @Nullable Php php = facts.php().get(spec.phpVersion());
        if (php == null) {
            Set<String> there = new TreeSet<>(facts.php().keySet());
            add(
                    Reason.PHP_VERSION_NOT_FOUND,
                    "spec.phpVersion",
                    "no PHP-FPM %s on this host, which has %s: install it, or name one that is there"
                            .formatted(spec.phpVersion(), there.isEmpty() ? "none" : String.join(", ", there)));
        } else {
            checkBinary(php.binary());
        }
    }

    private void checkBinary(String binary) {
        HostPath.fault(binary)
                .or(() -> UnitFile.programFault(binary))
                .ifPresent(fault -> add(
                        Reason.INVALID,
                        "spec.phpVersion",
                        "the path of PHP-FPM %s on this host, \"%s\", %s, so no unit can start it: link to it from another path, and name that in the Host's spec.phpPaths"
                                .formatted(spec.phpVersion(), binary, fault)));
    }

    private void checkExtensions() {
        for (int i = 0; i < spec.limitExtensions().size(); i++) {
            String extension = spec.limitExtensions().get(i);
            if (!EXTENSION.matcher(extension).matches()) {
                add(
                        Reason.INVALID,
                        "spec.limitExtensions[" + i + "]",
                        "\"%s\" is no extension such as .php: a dot, then letters, digits, dots, - and _"
                                .formatted(extension));
            }
        }
    }

    private void checkMounts(List<Requirement> mounts) {
        for (Requirement mount : mounts) {
            if (facts.mountUnit(mount.namespace(), mount.name()).isEmpty()) {
                add(
                        Reason.MOUNT_UNAVAILABLE,
                        mount.field(),
                        "no %s on this host: create it, or have it select this host".formatted(mount));
            }
        }
    }

    private void checkChdir() {
        String chdir = spec.chdir();
        if (chdir != null) {
            problems.addIf(HostPath.fault(chdir), "spec.chdir", chdir);
            if (chdir.contains("$pool")) {
                add(
                        Reason.INVALID,
                        "spec.chdir",
                        "\"%s\" has $pool in it, which PHP-FPM would replace".formatted(chdir));
            }
        }
    }

    private void add(Reason reason, String field, String message) {
        problems.add(reason, field, message);
    }
}
