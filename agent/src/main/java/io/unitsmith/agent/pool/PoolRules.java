package io.unitsmith.agent.pool;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.HostFacts.Group;
import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec.Idle;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec.ProcessManager;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands against a pool on a host, all of it at once. */
final class PoolRules {

    /** PHP-FPM's own pm.max_spawn_rate, and before 8.1 the only one. */
    private static final int BUILT_IN_SPAWN_RATE = 32;

    private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9._-]{1,31}");
    private static final Pattern SOCKET_MODE = Pattern.compile("0[0-7][0-7]0");

    private static final int LEAST_IDLE_SECONDS = 30;

    private final PhpFpmPoolSpec spec;
    private final HostFacts facts;
    private final Problems problems = new Problems();

    private PoolRules(PhpFpmPoolSpec spec, HostFacts facts) {
        this.spec = spec;
        this.facts = facts;
    }

    static List<Problem> check(PhpFpmPoolSpec spec, HostFacts facts) {
        var rules = new PoolRules(spec, facts);
        rules.checkIdentity();
        rules.checkSocketMode();
        rules.checkPhpVersion();
        rules.checkProcessManager(spec.processManager());
        rules.checkIdle(spec.idle());
        rules.checkDuration("spec.requestTerminateTimeout", spec.requestTerminateTimeout());
        rules.checkChdir();
        rules.checkExtensions();
        SettingRules.check(spec, rules.problems);
        return rules.problems.toList();
    }

    /** pm.max_spawn_rate came with PHP 8.1. */
    static boolean hasSpawnRate(String phpVersion) {
        int dot = phpVersion.indexOf('.');
        int major = Integer.parseInt(phpVersion.substring(0, dot));
        return major > 8 || (major == 8 && Integer.parseInt(phpVersion.substring(dot + 1)) >= 1);
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
        for (String path : PoolUnits.binds(home, spec.chdir())) {
            UnitFile.bindFault(path).ifPresent(fault -> {
                if (path.equals(home)) {
                    add(
                            Reason.INVALID,
                            "spec.user",
                            "the home of \"%s\" on this host, \"%s\", %s".formatted(user.name(), path, fault));
                } else if (HostPath.fault(path).isEmpty()) {
                    problems.addIf(Optional.of(fault), "spec.chdir", path);
                }
            });
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

    private void checkProcessManager(ProcessManager manager) {
        String at = "spec.processManager.";
        switch (manager.type()) {
            case DYNAMIC -> checkDynamic(manager);
            case ONDEMAND, STATIC -> {
                refuseUnlessDynamic(at + "startServers", manager.startServers());
                refuseUnlessDynamic(at + "minSpareServers", manager.minSpareServers());
                refuseUnlessDynamic(at + "maxSpareServers", manager.maxSpareServers());
            }
        }
        if (checkDuration(at + "idleTimeout", manager.idleTimeout()) && Durations.seconds(manager.idleTimeout()) == 0) {
            add(
                    Reason.INVALID,
                    at + "idleTimeout",
                    "\"%s\" is too short: at least 1s".formatted(manager.idleTimeout()));
        }
    }

    private void checkDynamic(ProcessManager manager) {
        String at = "spec.processManager.";
        Integer start = manager.startServers();
        Integer min = manager.minSpareServers();
        Integer max = manager.maxSpareServers();
        if (min == null || max == null) {
            String missing = min == null ? "minSpareServers" : "maxSpareServers";
            add(Reason.INVALID, at + missing, "missing: type dynamic needs minSpareServers and maxSpareServers");
            return;
        }
        if (max > manager.maxChildren()) {
            add(
                    Reason.INVALID,
                    at + "maxSpareServers",
                    "%d is more than maxChildren, which is %d".formatted(max, manager.maxChildren()));
        }
        if (min > max) {
            add(
                    Reason.INVALID,
                    at + "minSpareServers",
                    "%d is more than maxSpareServers, which is %d".formatted(min, max));
        } else if (start != null && (start < min || start > max)) {
            add(
                    Reason.INVALID,
                    at + "startServers",
                    "%d is not between minSpareServers and maxSpareServers, which are %d and %d"
                            .formatted(start, min, max));
        }
        if (manager.maxSpawnRate() != BUILT_IN_SPAWN_RATE
                && facts.php().containsKey(spec.phpVersion())
                && !hasSpawnRate(spec.phpVersion())) {
            add(
                    Reason.INVALID,
                    at + "maxSpawnRate",
                    "%d needs PHP 8.1 or newer; leave it out for PHP %s"
                            .formatted(manager.maxSpawnRate(), spec.phpVersion()));
        }
    }

    private void refuseUnlessDynamic(String field, @Nullable Integer value) {
        if (value != null) {
            add(Reason.INVALID, field, "%d goes with type dynamic only: leave it out".formatted(value));
        }
    }

    private void checkIdle(Idle idle) {
        String field = "spec.idle.timeout";
        if (checkDuration(field, idle.timeout()) && Durations.seconds(idle.timeout()) < LEAST_IDLE_SECONDS) {
            add(Reason.INVALID, field, "\"%s\" is too short: at least 30s".formatted(idle.timeout()));
        }
    }

    private boolean checkDuration(String field, @Nullable String duration) {
        try {
            return duration == null || Durations.seconds(duration) >= 0;
        } catch (IllegalArgumentException e) {
            add(Reason.INVALID, field, "\"%s\" is not a duration such as 30s, 5m or 1h30m".formatted(duration));
            return false;
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
