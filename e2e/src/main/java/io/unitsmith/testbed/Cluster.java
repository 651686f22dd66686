package io.unitsmith.testbed;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** A whole Kubernetes of one node in one container; hosts on its network reach it as {@code https://cluster:6443}. */
public final class Cluster implements AutoCloseable {

    static final String ALIAS = "cluster";
    static final String SERVER = "https://" + ALIAS + ":6443";

    private final Run run;
    private final Container container;
    private final boolean fresh;
    private final String kubeconfig;
    private final KubernetesClient client;

    private Cluster(Run run, Container container, boolean fresh) {
        this.run = run;
        this.container = container;
        this.fresh = fresh;
        this.kubeconfig = reachableKubeconfig(container);
        this.client =
                new KubernetesClientBuilder().withConfig(patient(kubeconfig)).build();
    }

    /** A busy machine answers late, and that is no failure. */
    private static Config patient(String kubeconfig) {
        Config config = Config.fromKubeconfig(kubeconfig);
        config.setRequestTimeout((int) Duration.ofMinutes(1).toMillis());
        return config;
    }

    /** A new one; or that run's own, if it is there and of the same image. */
    public static Cluster start(Run run) {
        Docker.ensureNetwork(run);
        String image = Repository.clusterImage();
        Container container = new Container(run.container("cluster"));
        boolean fresh = !container.exists() || !container.isOf(image);
        if (fresh) {
            container.remove();
            create(run, image, container.containerName());
        } else if (!container.isRunning()) {
            container.start();
        }
        awaitNode(container);
        return new Cluster(run, container, fresh);
    }

    public Run run() {
        return run;
    }

    public Container container() {
        return container;
    }

    /** Whether it has just been made, and knows nothing. */
    boolean isFresh() {
        return fresh;
    }

    /** The admin's, for use on this machine. */
    public String kubeconfig() {
        return kubeconfig;
    }

    /** The same as a file, beside the demo's if there is one; only for the user who runs this. */
    Path writeKubeconfig() {
        Path file = Repository.runFolder().resolve(run.kept() ? "kubeconfig" : run.name() + ".kubeconfig");
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public KubernetesClient client() {
        return client;
    }

    public Result kubectl(String... arguments) {
        return kubectl(container, "", arguments);
    }

    /** Server-side, so that what the operator adds is left alone. */
    public void apply(String yaml) {
        kubectl(container, yaml, "apply", "--server-side", "--force-conflicts", "--filename", "-")
                .output();
    }

    /** Makes the image of that name in a `docker save` archive known to the node, under a second name. */
    void loadImage(Path archive, String name, String alias) {
        String containerName = container.containerName();
        Docker.run(archive, List.of("exec", "--interactive", containerName, "k3s", "ctr", "images", "import", "-"))
                .output();
        container.exec("k3s", "ctr", "images", "tag", "--force", name, alias).output();
    }

    /** The program that goes with this cluster's version. */
    void copyKubectl(Path file) {
        Docker.run("cp", "--follow-link", container.containerName() + ":/bin/kubectl", file.toString())
                .output();
    }

    @Override
    public void close() {
        client.close();
        if (!run.kept()) {
            container.remove();
        }
    }

    private static void create(Run run, String image, String name) {
        K3sContainer k3s = new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
        boolean published = image.startsWith("rancher/");
        k3s.withLabels(run.labels())
                .withReuse(run.kept())
                .withCommand("server", "--disable=traefik", "--tls-san=" + ALIAS, "--tls-san=" + k3s.getHost())
                .withCreateContainerCmdModifier(command -> {
                    command.withName(name).withHostName("node").withAliases(ALIAS);
                    Objects.requireNonNull(command.getHostConfig())
                            .withNetworkMode(run.network())
                            .withPortBindings(onLoopback(command));
                    if (!published) {
                        Privileges.ofMachine(command, "/dev/kmsg");
                        command.withVolumes(new Volume("/var/lib/containerd"), new Volume("/var/lib/kubelet"));
                    }
                });
        k3s.start();
    }

    private static List<PortBinding> onLoopback(CreateContainerCmd command) {
        return Arrays.stream(Objects.requireNonNull(command.getExposedPorts()))
                .map((ExposedPort port) -> new PortBinding(Ports.Binding.bindIp("127.0.0.1"), port))
                .toList();
    }

    private static void awaitNode(Container container) {
        Waiting.until(
                "the cluster's node is ready",
                Duration.ofMinutes(3),
                () -> kubectl(container, "", "wait", "--for=condition=Ready", "node", "--all", "--timeout=1s")
                        .succeeded(),
                () -> Docker.run("logs", "--tail", "20", container.containerName())
                        .toString());
    }

    private static Result kubectl(Container container, String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("k3s", "kubectl"));
        command.addAll(List.of(arguments));
        return container.execWithInput(input, command.toArray(String[]::new));
    }

    /** The published port is another one after each start of the container. */
    private static String reachableKubeconfig(Container container) {
        String published = Docker.run("port", container.containerName(), "6443/tcp")
                .output()
                .lines()
                .findFirst()
                .orElseThrow();
        String port = published.substring(published.lastIndexOf(':') + 1);
        String server = "https://%s:%s".formatted(DockerClientFactory.instance().dockerHostIpAddress(), port);
        return container.exec("cat", "/etc/rancher/k3s/k3s.yaml").output().replace("https://127.0.0.1:6443", server);
    }
}
