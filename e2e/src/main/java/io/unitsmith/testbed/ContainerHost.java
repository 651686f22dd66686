package io.unitsmith.testbed;

import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A host in a container, with this machine's kernel: starts in a second. */
public final class ContainerHost extends Host {

    private final boolean fresh;

    private ContainerHost(Run run, String name, String image) {
        super(run, name);
        this.fresh = !exists() || !isOf(image);
    }

    /** A new one; or that run's own, if it is there and of the same image. */
    public static ContainerHost start(Run run, String name, String suite) {
        Docker.ensureNetwork(run);
        String image = Repository.hostImage(suite);
        ContainerHost host = new ContainerHost(run, name, image);
        if (host.fresh) {
            host.remove();
            host.create(run, image);
            host.awaitSystemd();
        } else if (host.isRunning()) {
            host.awaitSystemd();
        } else {
            host.start();
        }
        return host;
    }

    /** One with the agent's package on it, and nothing else done: no cluster knows of it. */
    public static ContainerHost standalone(Run run, String name, String suite) {
        Docker.remove(run.container(name));
        ContainerHost host = start(run, name, suite);
        host.installAgent(Repository.agentPackage());
        return host;
    }

    /** Whether it has just been made, and has not joined. */
    boolean isFresh() {
        return fresh;
    }

    private void create(Run run, String image) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image));
        container
                .withLabels(run.labels())
                .withReuse(run.kept())
                .withEnv("container", "docker")
                .withTmpFs(Map.of("/run", "rw,mode=755", "/tmp", "rw,exec"))
                .withCreateContainerCmdModifier(command -> {
                    command.withName(containerName()).withHostName(name()).withAliases(name());
                    command.withTty(true);
                    Privileges.ofMachine(command, "/dev/autofs", "/dev/fuse").withNetworkMode(run.network());
                });
        container.start();
    }
}
