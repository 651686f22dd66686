package io.unitsmith.testbed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A bare-metal host as far as its programs can tell: systemd is its first process. */
public final class ContainerHost extends Container {

    private static final String PACKAGE = "/var/tmp/unitsmith-agent.deb";

    private final String name;
    private final boolean fresh;

    private ContainerHost(Run run, String name, String image) {
        super(run.container(name));
        this.name = name;
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
        } else if (!host.isRunning()) {
            host.start();
        }
        host.awaitSystemd();
        return host;
    }

    /** One with the agent's package on it, and nothing else done: no cluster knows of it. */
    public static ContainerHost standalone(Run run, String name, String suite) {
        Docker.remove(run.container(name));
        ContainerHost host = start(run, name, suite);
        host.installAgent(Repository.agentPackage());
        return host;
    }

    /** The name of its Host object, and its name on the network. */
    public String name() {
        return name;
    }

    /** Whether it has just been made, and has not joined. */
    boolean isFresh() {
        return fresh;
    }

    @Override
    public void start() {
        super.start();
        awaitSystemd();
    }

    /** Whether it had not been installed in that very build. */
    boolean installAgent(Path agentPackage) {
        String digest = Repository.digest(agentPackage);
        if (sh("cat " + PACKAGE + ".installed").stdout().equals(digest)) {
            return false;
        }
        copyTo(agentPackage, PACKAGE);
        exec(
                        "env",
                        "DEBIAN_FRONTEND=noninteractive",
                        "apt-get",
                        "install",
                        "--yes",
                        "--quiet",
                        "--reinstall",
                        "--no-install-recommends",
                        PACKAGE)
                .output();
        execWithInput(digest, "tee", PACKAGE + ".installed").output();
        return true;
    }

    /** As an admin does it, with `docker exec` in the place of ssh. */
    void join(String kubeconfig) {
        execWithInput(kubeconfig, "unitsmith", "join", "--file", "-").output();
    }

    public String journal(String unit) {
        return exec("journalctl", "--no-pager", "--output", "short-iso", "--unit", unit)
                .output();
    }

    private void create(Run run, String image) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image));
        container
                .withLabels(run.labels())
                .withReuse(run.kept())
                .withEnv("container", "docker")
                .withTmpFs(Map.of("/run", "rw,mode=755", "/tmp", "rw,exec"))
                .withCreateContainerCmdModifier(command -> {
                    command.withName(containerName()).withHostName(name).withAliases(name);
                    command.withTty(true);
                    Privileges.ofMachine(command, "/dev/autofs", "/dev/fuse").withNetworkMode(run.network());
                });
        container.start();
    }

    private void awaitSystemd() {
        Waiting.until(
                "systemd of " + name + " is up",
                Duration.ofMinutes(1),
                () -> {
                    String state =
                            exec("systemctl", "is-system-running").stdout().strip();
                    return state.equals("running") || state.equals("degraded");
                },
                () -> exec("systemctl", "list-jobs", "--no-pager").toString());
    }
}
