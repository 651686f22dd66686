package io.unitsmith.agent.mount;

import io.unitsmith.agent.unit.UnitName;
import io.unitsmith.agent.workload.CredentialFolder;
import io.unitsmith.agent.workload.Kind;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Mounts, as they are known again on a host: their units are called after the path, their credentials' folder after them. */
public final class MountKind implements Kind {

    private static final Pattern UNIT =
            Pattern.compile(Pattern.quote(MountUnits.SYSTEMD) + "(?<path>[^/]+)\\.(automount|mount)");
    private static final Pattern CREDENTIAL = Pattern.compile(
            CredentialFolder.ANY + "(identity|known_hosts|cifs|davfs\\.conf|davfs\\.secrets|s3fs|ceph)");

    @Override
    public String name() {
        return "RemoteMount";
    }

    @Override
    public boolean isShared(String path) {
        return false;
    }

    /** A mount has one path for its whole life: of copies that somebody made of its units, what is enabled is its own. */
    @Override
    public Optional<Traces> traces(WorkloadReference workload, Set<String> paths) {
        return paths.stream()
                .map(UNIT::matcher)
                .filter(Matcher::matches)
                .map(unit -> unit.group("path"))
                .filter(name -> UnitName.path(name).isPresent())
                .distinct()
                .min(Comparator.comparing((String name) -> links(name).noneMatch(paths::contains))
                        .thenComparing(Comparator.naturalOrder()))
                .map(name -> traces(workload, name, paths));
    }

    private static Traces traces(WorkloadReference workload, String name, Set<String> paths) {
        String mount = name + ".mount";
        String automount = name + ".automount";
        String credentials = CredentialFolder.of(workload);
        String mountPoint = MountUnits.mountPoint(UnitName.path(name).orElseThrow());
        Set<String> units = Stream.concat(
                        Stream.of(mount, automount, mountPoint).map(unit -> MountUnits.SYSTEMD + unit), links(name))
                .collect(Collectors.toSet());
        Set<String> own = paths.stream()
                .filter(path -> units.contains(path)
                        || (path.startsWith(credentials)
                                && CREDENTIAL.matcher(path).matches()))
                .collect(Collectors.toSet());
        String trigger = paths.contains(MountUnits.SYSTEMD + automount) ? automount : mount;
        Set<String> claims = new TreeSet<>(List.of(UnitName.path(name).orElseThrow(), trigger, mount));
        return new Traces(trigger, mount, claims, own);
    }

    private static Stream<String> links(String name) {
        return Stream.of(MountUnits.link(name + ".automount"), MountUnits.link(name + ".mount"));
    }

    @Override
    public boolean isOfAny(String path) {
        return CREDENTIAL.matcher(path).matches() || CredentialFolder.isFolder(path);
    }
}
