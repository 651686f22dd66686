package io.unitsmith.agent.cli;

import io.unitsmith.agent.Foresight;
import io.unitsmith.agent.cluster.Credential;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.HostProbe;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.source.Deletions;
import io.unitsmith.agent.source.DirectorySource;
import io.unitsmith.agent.source.LastKnownState;
import io.unitsmith.agent.source.ManifestFolder;
import io.unitsmith.agent.source.Snapshot;
import io.unitsmith.agent.systemd.BusSystemd;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The machine that a command is for: this one, but for tests. */
record Machine(AtomicFiles files, Systemd systemd, Clock clock) {

    static Machine here() {
        return new Machine(
                new AtomicFiles(Path.of("/"), Checkpoint.NONE),
                new BusSystemd(BusSystemd.SYSTEM_BUS),
                Clock.systemUTC());
    }

    ManifestFolder manifests() {
        return new ManifestFolder(files, ManifestFolder.DEFAULT, clock);
    }

    boolean hasJoined() throws IOException {
        return new Credential(files).kubeconfig().isPresent();
    }

    /** What these workloads need to know of it. */
    HostFacts facts(List<Workload> workloads, Map<String, String> phpPaths) throws IOException {
        Set<String> users = new TreeSet<>();
        Set<String> groups = new TreeSet<>();
        workloads.forEach(workload -> {
            users.addAll(workload.users());
            groups.addAll(workload.groups());
        });
        return probe().probe(users, groups, phpPaths);
    }

    HostProbe probe() {
        return new HostProbe(files.at("/"), systemd::version, clock);
    }

    /** What is asked of this host now. */
    Snapshot asked() throws IOException {
        var lastKnown = new LastKnownState(files);
        return hasJoined()
                ? lastKnown.load().orElse(Snapshot.EMPTY)
                : new DirectorySource(manifests(), new Deletions(files), lastKnown).look();
    }

    Foresight foresight() throws IOException {
        return new Foresight(files, systemd, probe(), RunCommand.ceiling(files), clock);
    }

    /** Two that say what is to be on a host would undo each other's work. */
    void requireStandalone(String command) throws IOException {
        if (hasJoined()) {
            throw new IOException(
                    "this host has joined a cluster, which says what is on it: use kubectl %s".formatted(command));
        }
    }
}
