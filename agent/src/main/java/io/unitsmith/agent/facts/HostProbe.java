package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out what the host is. */
public final class HostProbe implements Probe {

    /** A user who was missing is found this soon; a directory service is not asked more often than this. */
    private static final Duration NAMES_LAST = Duration.ofSeconds(8);

    private static final Map<String, List<String>> MOUNT_HELPERS = Map.of(
            "sshfs", List.of("/sbin/mount.fuse.sshfs", "/usr/sbin/mount.fuse.sshfs", "/usr/bin/sshfs"),
            "nfs", List.of("/sbin/mount.nfs", "/usr/sbin/mount.nfs"),
            "nfs4", List.of("/sbin/mount.nfs4", "/usr/sbin/mount.nfs4"),
            "cifs", List.of("/sbin/mount.cifs", "/usr/sbin/mount.cifs"),
            "smb3", List.of("/sbin/mount.smb3", "/usr/sbin/mount.smb3"),
            "davfs", List.of("/sbin/mount.davfs", "/usr/sbin/mount.davfs"),
            "s3fs", List.of("/usr/bin/s3fs"),
            "glusterfs", List.of("/sbin/mount.glusterfs", "/usr/sbin/mount.glusterfs"),
            "ceph", List.of("/sbin/mount.ceph", "/usr/sbin/mount.ceph"));

    private static final Pattern MAJOR = Pattern.compile("^\\D*(\\d+)");

    private final Path root;
    private final Supplier<String> systemdVersion;
    private final Clock clock;
    private final PhpBinaries php;
    private final NameService nameService = new NameService();
    private @Nullable Asked asked;

    private record Asked(Instant at, Set<String> users, Set<String> groups, NameService.Names names) {}

    public HostProbe(Path root, Supplier<String> systemdVersion, Clock clock) {
        this.root = root;
        this.systemdVersion = systemdVersion;
        this.clock = clock;
        this.php = new PhpBinaries(root);
    }

    @Override
    public HostFacts probe(Set<String> users, Set<String> groups, Map<String, String> phpPaths) throws IOException {
        NameService.Names names = names(users, groups);
        Set<String> helpers = new TreeSet<>();
        MOUNT_HELPERS.forEach((type, places) -> {
            if (places.stream().anyMatch(place -> Files.isExecutable(root.resolve(place.substring(1))))) {
                helpers.add(type);
            }
        });
        return new HostFacts(systemdMajor(), php.find(phpPaths), names.users(), names.groups(), helpers, Map.of());
    }

    private NameService.Names names(Set<String> users, Set<String> groups) throws IOException {
        Instant now = clock.instant();
        if (asked == null
                || now.isAfter(asked.at().plus(NAMES_LAST))
                || !asked.users().equals(users)
                || !asked.groups().equals(groups)) {
            asked = new Asked(now, Set.copyOf(users), Set.copyOf(groups), nameService.look(users, groups));
        }
        return asked.names();
    }

    private int systemdMajor() {
        Matcher major = MAJOR.matcher(systemdVersion.get());
        return major.find() ? Integer.parseInt(major.group(1)) : 0;
    }

    /** The id of this machine: machine-id(5). */
    public String machineId() throws IOException {
        return Files.readString(root.resolve("etc/machine-id")).strip();
    }
}
