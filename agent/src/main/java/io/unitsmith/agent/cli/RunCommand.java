package io.unitsmith.agent.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.unitsmith.agent.AgentLoop;
import io.unitsmith.agent.AgentLoop.Identity;
import io.unitsmith.agent.ceiling.AgentYaml;
import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.ceiling.InvalidAgentYaml;
import io.unitsmith.agent.cluster.Clients;
import io.unitsmith.agent.cluster.Credential;
import io.unitsmith.agent.facts.HostProbe;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.report.ClusterOutlet;
import io.unitsmith.agent.report.Heartbeat;
import io.unitsmith.agent.report.Reporter;
import io.unitsmith.agent.source.ClusterSource;
import io.unitsmith.agent.source.LastKnownState;
import io.unitsmith.agent.supervise.Watchdog;
import io.unitsmith.agent.systemd.BusSystemd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** The service: enforces what the cluster asks of this host, until it is stopped. */
@Command(name = "run", description = "Run the agent; unitsmith-agent.service does.")
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Override
    public Integer call() throws IOException {
        Path root = Path.of("/");
        Clock clock = Clock.systemUTC();
        AtomicFiles files = new AtomicFiles(root, Checkpoint.NONE);
        Credential credential = new Credential(files);
        Optional<String> kubeconfig = credential.kubeconfig();
        if (kubeconfig.isEmpty()) {
            throw new IOException("this host has not joined a cluster: see unitsmith join --help");
        }
        Ceiling ceiling = ceiling(files);
        BusSystemd systemd = new BusSystemd(BusSystemd.SYSTEM_BUS);
        HostProbe probe = new HostProbe(root, systemd::version, clock);
        Identity identity = new Identity(VersionCommand.version(), probe.machineId());
        KubernetesClient client = Clients.of(kubeconfig.get(), credential);
        String namespace = client.getNamespace();
        LOG.info("unitsmith {} for namespace {} of {}", identity.version(), namespace, client.getMasterUrl());

        ClusterSource source = new ClusterSource(client, namespace, new LastKnownState(files));
        AtomicReference<AgentLoop> loop = new AtomicReference<>();
        BooleanSupplier alive = () -> loop.get() == null || loop.get().isAlive();
        Heartbeat heartbeat = new Heartbeat(client, namespace, identity.machineId(), credential, alive, clock);
        var outlet = new ClusterOutlet(heartbeat, new Reporter(client, namespace), source);
        Watchdog watchdog = Watchdog.of(System.getenv(), alive);
        loop.set(AgentLoop.on(files, systemd, probe, ceiling, source, outlet, watchdog, identity, clock));
        source.start();
        heartbeat.start();
        loop.get().run();
        return 0;
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
