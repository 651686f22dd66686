package io.unitsmith.agent.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.unitsmith.agent.AgentLoop;
import io.unitsmith.agent.AgentLoop.Identity;
import io.unitsmith.agent.Chronicle;
import io.unitsmith.agent.Chronicle.Place;
import io.unitsmith.agent.ceiling.AgentYaml;
import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.ceiling.InvalidAgentYaml;
import io.unitsmith.agent.cluster.Clients;
import io.unitsmith.agent.cluster.Credential;
import io.unitsmith.agent.facts.HostProbe;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.report.ClusterOutlet;
import io.unitsmith.agent.report.FolderOutlet;
import io.unitsmith.agent.report.Heartbeat;
import io.unitsmith.agent.report.Reporter;
import io.unitsmith.agent.report.StatusFile;
import io.unitsmith.agent.source.ClusterSource;
import io.unitsmith.agent.source.Deletions;
import io.unitsmith.agent.source.DirectorySource;
import io.unitsmith.agent.source.LastKnownState;
import io.unitsmith.agent.source.ManifestFolder;
import io.unitsmith.agent.supervise.Watchdog;
import io.unitsmith.agent.systemd.BusSystemd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The service: enforces what the cluster, or a folder of manifests, asks of this host, until it is stopped. */
@Command(name = "run", description = "Run the agent; unitsmith-agent.service does.")
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Option(
            names = "--manifests",
            description = "Enforce the manifests in this folder, without a cluster. A host that has not joined one"
                    + " enforces those in " + ManifestFolder.DEFAULT + ".")
    private @Nullable Path manifests;

    @Override
    public Integer call() throws IOException {
        Path root = Path.of("/");
        Clock clock = Clock.systemUTC();
        AtomicFiles files = new AtomicFiles(root, Checkpoint.NONE);
        BusSystemd systemd = new BusSystemd(BusSystemd.SYSTEM_BUS);
        HostProbe probe = new HostProbe(root, systemd::version, clock);
        Identity identity = new Identity(VersionCommand.version(), probe.machineId());
        var host = new Host(files, systemd, probe, ceiling(files), identity, clock);
        Optional<String> kubeconfig = new Credential(files).kubeconfig();
        if (manifests == null && kubeconfig.isPresent()) {
            host.joined(kubeconfig.get());
        } else {
            String path = manifests == null
                    ? ManifestFolder.DEFAULT
                    : manifests.toAbsolutePath().normalize().toString();
            host.standalone(new ManifestFolder(files, path, clock));
        }
        return 0;
    }

    /** What the agent needs wherever it is told what to do. */
    private record Host(
            AtomicFiles files, BusSystemd systemd, HostProbe probe, Ceiling ceiling, Identity identity, Clock clock) {

        void joined(String kubeconfig) throws IOException {
            Credential credential = new Credential(files);
            KubernetesClient client = Clients.of(kubeconfig, credential);
            String namespace = client.getNamespace();
            var place = new Place("cluster", "%s of %s".formatted(namespace, client.getMasterUrl()));
            LOG.info("unitsmith {} for namespace {}", identity.version(), place.name());
            ClusterSource source = new ClusterSource(client, namespace, new LastKnownState(files));
            AtomicReference<AgentLoop> loop = new AtomicReference<>();
            BooleanSupplier alive = () -> loop.get() == null || loop.get().isAlive();
            Heartbeat heartbeat = new Heartbeat(client, namespace, identity.machineId(), credential, alive, clock);
            var chronicle = new Chronicle(new StatusFile(files), place, identity.version(), List::of, clock);
            var outlet = new ClusterOutlet(heartbeat, new Reporter(client, namespace), source, chronicle.workloads());
            Watchdog watchdog = Watchdog.of(System.getenv(), alive);
            loop.set(
                    AgentLoop.on(files, systemd, probe, ceiling, source, outlet, watchdog, chronicle, identity, clock));
            source.start();
            heartbeat.start();
            loop.get().run();
        }

        void standalone(ManifestFolder folder) throws IOException {
            var lastKnown = new LastKnownState(files);
            if (!folder.exists() && lastKnown.load().isEmpty()) {
                throw new IOException(
                        "this host has not joined a cluster (see unitsmith join --help), and there is no %s (see unitsmith apply --help)"
                                .formatted(folder.path()));
            }
            LOG.info("unitsmith {} for the manifests in {}", identity.version(), folder.path());
            var source = new DirectorySource(folder, new Deletions(files), lastKnown);
            var place = new Place("manifests", folder.path());
            var chronicle = new Chronicle(new StatusFile(files), place, identity.version(), source::faults, clock);
            var outlet = new FolderOutlet(source, chronicle.workloads());
            AtomicReference<AgentLoop> loop = new AtomicReference<>();
            Watchdog watchdog = Watchdog.of(
                    System.getenv(), () -> loop.get() == null || loop.get().isAlive());
            loop.set(
                    AgentLoop.on(files, systemd, probe, ceiling, source, outlet, watchdog, chronicle, identity, clock));
            source.start(List.of(files.at(folder.path()), files.at(Deletions.PATH)));
            loop.get().run();
        }
    }

    /** What the host's owner says; not being able to read it is no reason to allow more. */
    static Ceiling ceiling(AtomicFiles files) throws IOException {
        String path = "/etc/unitsmith/agent.yaml";
        try {
            return AgentYaml.ceiling(files.read(path).orElse(""));
        } catch (InvalidAgentYaml e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }
}
