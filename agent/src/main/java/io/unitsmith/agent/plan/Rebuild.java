package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.CredentialFolder;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Kind;
import io.unitsmith.agent.workload.Kind.Traces;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A ledger for a host whose own is lost, from what stands in its files. It has no revisions: the next plan finds out
 * which are in force.
 *
 * @param strays what is of Unitsmith for certain, and of no workload that could be told; empty folders are among it
 */
public record Rebuild(Ledger ledger, Set<String> strays) {

    /** Nobody knows what was written: so it is never what is asked for, and is compared with the disk as always. */
    private static final String UNKNOWN = "unknown";

    private static final String CONFIGS = "/etc/unitsmith";

    /** Whether there is nothing of Unitsmith at all. */
    public boolean isEmpty() {
        return ledger.assignments().isEmpty() && strays.isEmpty();
    }

    /** From what is there. */
    public static Rebuild of(Remains remains, Collection<Kind> kinds) {
        Map<String, String> links = new TreeMap<>(remains.links());
        links.values().retainAll(remains.headers().keySet());
        Set<WorkloadReference> workloads = remains.headers().values().stream()
                .flatMap(line -> Header.owner(line).stream())
                .collect(Collectors.toSet());
        Map<String, Applied> assignments = new TreeMap<>();
        for (Kind kind : kinds) {
            Set<String> shared = new HashSet<>(remains.headers().keySet());
            shared.removeIf(path -> !isShared(path, remains, kind));
            workloads.stream()
                    .filter(workload -> workload.kind().equals(kind.name()))
                    .forEach(workload -> kind.traces(workload, candidates(workload, remains, links))
                            .ifPresent(traces -> assignments.put(name(workload), applied(workload, traces, shared))));
        }
        Set<String> owned = paths(assignments);
        Set<String> strays = new TreeSet<>(remains.credentials());
        strays.addAll(links.keySet());
        strays.addAll(remains.hollow());
        strays.removeIf(path -> kinds.stream().noneMatch(kind -> kind.isOfAny(path)));
        remains.headers().keySet().stream()
                .filter(path -> kinds.stream().anyMatch(kind -> isShared(path, remains, kind)))
                .forEach(strays::add);
        strays.removeAll(owned);
        return new Rebuild(new Ledger(Ledger.VERSION, assignments, folders(owned, strays, remains)), strays);
    }

    private static boolean isShared(String path, Remains remains, Kind kind) {
        return kind.isShared(path) && Header.isShared(remains.headers().getOrDefault(path, ""));
    }

    /** Of folders that all of systemd uses, those with nothing of anybody else's in them. */
    private static Set<String> folders(Set<String> owned, Set<String> strays, Remains remains) {
        Set<String> folders = new HashSet<>();
        Stream.of(owned, strays)
                .flatMap(Set::stream)
                .forEach(path -> Stream.iterate(
                                HostPath.parent(path),
                                folder -> !folder.equals(UnitFile.FOLDER) && !folder.equals(CONFIGS),
                                HostPath::parent)
                        .forEach(folders::add));
        remains.links().keySet().stream()
                .filter(link -> !owned.contains(link) && !strays.contains(link))
                .map(HostPath::parent)
                .forEach(folders::remove);
        return folders;
    }

    private static String name(WorkloadReference workload) {
        return Names.assignment(workload.kind(), workload.namespace(), workload.name());
    }

    private static Set<String> candidates(WorkloadReference workload, Remains remains, Map<String, String> links) {
        Set<String> paths = new HashSet<>(links.keySet());
        paths.addAll(remains.credentials());
        remains.headers().forEach((path, line) -> {
            if (Header.owner(line).equals(Optional.of(workload))) {
                paths.add(path);
            }
        });
        return paths;
    }

    private static Applied applied(WorkloadReference workload, Traces traces, Set<String> shared) {
        List<Made> made = Stream.concat(traces.paths().stream(), shared.stream())
                .sorted()
                .map(path -> made(path, traces.trigger()))
                .toList();
        return new Applied(
                workload, null, null, traces.trigger(), traces.payload(), traces.claims(), made, Set.of(), null, null);
    }

    /** Layer and effect as renderings have them: they follow from what systemd is to do with a file. */
    static Made made(String path, String trigger) {
        String folder = HostPath.parent(path);
        if (path.startsWith(CredentialFolder.ALL)) {
            // a session goes on with what it was opened with, an environment is that of the start
            return new Made(
                    path,
                    Layer.CREDENTIAL,
                    trigger.endsWith(".socket") ? Effect.REPLACE_PAYLOAD : Effect.NONE,
                    UNKNOWN);
        } else if (path.endsWith(".tmpfiles")) {
            return new Made(path, Layer.CONFIG, Effect.REPLACE_PAYLOAD, UNKNOWN);
        } else if (path.startsWith(CONFIGS)) {
            return new Made(path, Layer.CONFIG, Effect.RELOAD_PAYLOAD, UNKNOWN);
        } else if (path.endsWith(".slice")) {
            return new Made(path, Layer.SLICE, Effect.NONE, UNKNOWN);
        } else if (folder.endsWith(".wants")) {
            return new Made(path, Layer.LINK, Effect.NONE, UNKNOWN);
        } else if (folder.endsWith(".socket.d")) {
            return new Made(path, Layer.DROP_IN, Effect.ADJUST_TRIGGER, UNKNOWN);
        } else if (folder.endsWith(".d")) {
            return new Made(path, Layer.DROP_IN, effect(folder.substring(0, folder.length() - 2), trigger), UNKNOWN);
        }
        Effect effect = effect(path, trigger);
        return new Made(
                path, effect == Effect.RESTART_TRIGGER ? Layer.TRIGGER_UNIT : Layer.PAYLOAD_UNIT, effect, UNKNOWN);
    }

    private static Effect effect(String unit, String trigger) {
        boolean isMountPoint = unit.endsWith(".service") && !trigger.endsWith(".socket");
        return isMountPoint || unit.endsWith(trigger.substring(trigger.lastIndexOf('.')))
                ? Effect.RESTART_TRIGGER
                : Effect.REPLACE_PAYLOAD;
    }

    private static Set<String> paths(Map<String, Applied> assignments) {
        return assignments.values().stream()
                .flatMap(applied -> applied.entries().stream())
                .map(Made::path)
                .collect(Collectors.toSet());
    }
}
