package io.unitsmith.agent.pool;

import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.api.v1alpha1.Hardening.Profile;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the sandbox of a pool is made of, as properties of its service (systemd.exec(5)).
 *
 * <p>No MemoryDenyWriteExecute= in any profile: PCRE and OPcache compile to memory that they then execute.
 */
final class PoolSandbox {

    /**
     * That of the template, and of most pools. ProtectSystem=strict would keep automounts from going idle, ProtectHome=yes
     * would hide the scripts, and all that implies NoNewPrivileges= would break PHP's mail().
     */
    static final Map<String, String> STANDARD = new TreeMap<>(Map.of(
            "PrivateTmp", "yes",
            "ProtectSystem", "full",
            "ProtectHome", "tmpfs",
            "ProtectProc", "invisible"));

    private static final Map<String, String> NONE = new TreeMap<>(Map.of(
            "PrivateTmp", "no",
            "ProtectSystem", "no",
            "ProtectHome", "no",
            "ProtectProc", "default"));

    private static final Map<String, String> STRICT = new TreeMap<>(Map.ofEntries(
            Map.entry("CapabilityBoundingSet", ""),
            Map.entry("LockPersonality", "yes"),
            Map.entry("NoNewPrivileges", "yes"),
            Map.entry("PrivateDevices", "yes"),
            Map.entry("ProtectClock", "yes"),
            Map.entry("ProtectControlGroups", "yes"),
            Map.entry("ProtectHostname", "yes"),
            Map.entry("ProtectKernelLogs", "yes"),
            Map.entry("ProtectKernelModules", "yes"),
            Map.entry("ProtectKernelTunables", "yes"),
            Map.entry("ProtectSystem", "strict"),
            Map.entry("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6"),
            Map.entry("RestrictNamespaces", "yes"),
            Map.entry("RestrictRealtime", "yes"),
            Map.entry("RestrictSUIDSGID", "yes"),
            Map.entry("SystemCallArchitectures", "native"),
            Map.entry("SystemCallErrorNumber", "EPERM")));

    /** What ProtectHome= hides, however it is asked for (systemd.exec(5)). */
    static final List<String> HIDDEN = List.of("/home", "/root", "/run/user");

    private final PhpFpmPoolSpec spec;
    private final String home;
    private final List<String> ownFolders;

    /** @param ownFolders what the pool has to write to besides its home */
    PoolSandbox(PhpFpmPoolSpec spec, String home, List<String> ownFolders) {
        this.spec = spec;
        this.home = home;
        this.ownFolders = ownFolders;
    }

    /** What the drop-in says besides the template, as systemd has to read it. */
    Map<String, String> differences() {
        Map<String, String> properties = new TreeMap<>(
                switch (spec.hardening().profile()) {
                    case NONE -> NONE;
                    case STANDARD -> Map.of();
                    case STRICT -> STRICT;
                });
        if (spec.hardening().profile() == Profile.STRICT) {
            // PHP-FPM reads a slow worker's stack by ptrace(2)
            properties.put("SystemCallFilter", "@system-service" + (spec.slowlog() == null ? "" : " ptrace"));
        }
        put(properties, "BindPaths", binds(spec, home));
        put(properties, "ReadWritePaths", writable());
        return properties;
    }

    /** All of it, for a service without that template. */
    List<String> properties() {
        Map<String, String> properties = new TreeMap<>(STANDARD);
        properties.putAll(differences());
        return properties.entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue())
                .toList();
    }

    /** What the pool sees of the hidden folders. What is not there is php-fpm's to complain about. */
    static List<String> binds(PhpFpmPoolSpec spec, String home) {
        List<String> binds = new ArrayList<>();
        if (spec.hardening().profile() != Profile.NONE) {
            if (isHidden(home)) {
                binds.add(home);
            }
            Stream.concat(Stream.ofNullable(spec.chdir()), spec.hardening().readWritePaths().stream())
                    .filter(path -> isHidden(path) && !binds.contains(path))
                    .filter(path -> binds.stream().noneMatch(bind -> HostPath.isBelow(path, bind)))
                    .forEach(binds::add);
        }
        return binds;
    }

    /** What the pool may write to, although the profile forbids it. */
    private List<String> writable() {
        List<String> writable = new ArrayList<>();
        if (spec.hardening().profile() == Profile.STRICT) {
            if (!home.equals("/")) {
                writable.add(home);
            }
            writable.addAll(ownFolders);
        }
        spec.hardening().readWritePaths().stream()
                .filter(path -> !writable.contains(path))
                .forEach(writable::add);
        return writable;
    }

    private static void put(Map<String, String> properties, String key, List<String> paths) {
        if (!paths.isEmpty()) {
            properties.put(key, UnitFile.literal(UnitFile.optionalPaths(paths)));
        }
    }

    private static boolean isHidden(String path) {
        return HIDDEN.stream().anyMatch(folder -> HostPath.isBelow(path, folder));
    }
}
