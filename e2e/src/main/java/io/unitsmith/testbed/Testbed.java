package io.unitsmith.testbed;

import static io.unitsmith.testbed.Waiting.step;
import static io.unitsmith.testbed.Waiting.until;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The whole product, running: a cluster with the operator in it, and two hosts, web-1 and web-2, that have joined it. */
public final class Testbed implements AutoCloseable {

    private static final List<String> HOSTS = List.of("web-1", "web-2");
    private static final String OPERATOR_IMAGE = "unitsmith/operator";

    private final Run run;
    private final Cluster cluster;
    private final List<ContainerHost> hosts;

    private Testbed(Run run, Cluster cluster, List<ContainerHost> hosts) {
        this.run = run;
        this.cluster = cluster;
        this.hosts = hosts;
    }

    /** All of it; what that run has left running is used. */
    public static Testbed start(Run run) {
        Cluster[] cluster = new Cluster[1];
        step("starting a Kubernetes cluster", () -> cluster[0] = Cluster.start(run));
        return start(run, cluster[0]);
    }

    /** The rest of it, around a cluster that runs. */
    static Testbed start(Run run, Cluster cluster) {
        if (cluster.isFresh()) {
            HOSTS.forEach(name -> Docker.remove(run.container(name)));
        }
        step("installing the operator with Helm", () -> installOperator(cluster));
        List<ContainerHost> hosts = HOSTS.stream()
                .map(name -> startHost(run, cluster, name, "trixie"))
                .toList();
        step("joining the hosts", () -> {
            cluster.apply(Repository.text("/demo/hosts.yaml"));
            hosts.forEach(host -> join(cluster, host));
        });
        return new Testbed(run, cluster, hosts);
    }

    public Run run() {
        return run;
    }

    public Cluster cluster() {
        return cluster;
    }

    public KubernetesClient client() {
        return cluster.client();
    }

    public List<ContainerHost> hosts() {
        return hosts;
    }

    public ContainerHost host(String name) {
        return hosts.stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** One more, for a test that needs it for itself: it has joined, and is of no role. The test removes it with {@link #removeHost}. */
    public ContainerHost addHost(String name, String suite) {
        return joined(startHost(run, cluster, name, suite));
    }

    /** One more, with a kernel of its own. The test removes it with {@link #removeHost}. */
    public Machine addMachine(String name, String suite) {
        forget(cluster, name);
        return joined(Machine.start(run, name, suite));
    }

    private <H extends Host> H joined(H host) {
        cluster.apply("""
                apiVersion: unitsmith.io/v1alpha1
                kind: Host
                metadata: {name: %s}
                spec: {}
                """.formatted(host.name()));
        join(cluster, host);
        return host;
    }

    /** Takes a host away that was added; returns once the cluster does not know it any more. */
    public void removeHost(Host host) {
        host.remove();
        forget(cluster, host.name());
    }

    private static void forget(Cluster cluster, String host) {
        cluster.kubectl("delete", "hosts.unitsmith.io", host, "--ignore-not-found", "--timeout=60s")
                .output();
    }

    /** Removes what it has started, unless the run is to be kept. */
    @Override
    public void close() {
        if (!run.kept()) {
            hosts.forEach(Container::remove);
        }
        cluster.close();
    }

    /** The chart, with the operator's image under a name that changes with its content, so that a new one is rolled out. */
    private static void installOperator(Cluster cluster) {
        String tag = "build-" + Repository.digest(Repository.operatorImage());
        cluster.loadImage(
                Repository.operatorImage(), Repository.operatorImageName(), "docker.io/" + OPERATOR_IMAGE + ":" + tag);
        Path kubeconfig = cluster.writeKubeconfig();
        new Helm(Repository.chart())
                .upgrade()
                .install()
                .withKubeConfig(kubeconfig)
                .withName("unitsmith")
                .withNamespace("unitsmith-system")
                .createNamespace()
                .set("image.repository", OPERATOR_IMAGE)
                .set("image.tag", tag)
                .set("image.pullPolicy", "Never")
                .set("agent.server", Cluster.SERVER)
                .call();
        rolledOut(cluster);
    }

    private static void rolledOut(Cluster cluster) {
        Result rollout =
                cluster.kubectl("rollout", "status", "deployment", "--namespace", "unitsmith-system", "--timeout=120s");
        if (!rollout.succeeded()) {
            throw new IllegalStateException("the operator does not start\n%s\n%s"
                    .formatted(
                            cluster.kubectl("describe", "pods", "--namespace", "unitsmith-system")
                                    .stdout(),
                            cluster.kubectl(
                                            "logs",
                                            "--namespace",
                                            "unitsmith-system",
                                            "--selector",
                                            "!none",
                                            "--tail=50")
                                    .stdout()));
        }
    }

    private static ContainerHost startHost(Run run, Cluster cluster, String name, String suite) {
        ContainerHost[] host = new ContainerHost[1];
        step("starting host " + name, () -> {
            host[0] = ContainerHost.start(run, name, suite);
            if (host[0].isFresh()) {
                // what an earlier machine of that name has reported is not this one's
                forget(cluster, name);
            }
            host[0].installAgent(Repository.agentPackage());
        });
        return host[0];
    }

    /** With the join Secret that the operator offers while the host has not joined. */
    private static void join(Cluster cluster, Host host) {
        until(
                "the operator lets " + host.name() + " join",
                Duration.ofMinutes(1),
                () -> isReady(cluster, host.name())
                        || joinKubeconfig(cluster, host.name()).isPresent(),
                () -> describe(cluster, host));
        // one that has just joined is not to join again: its join is about to be closed
        if (!isReady(cluster, host.name())) {
            joinKubeconfig(cluster, host.name()).ifPresent(host::join);
        }
        until(
                host.name() + " is ready",
                Duration.ofMinutes(2),
                () -> isReady(cluster, host.name()),
                () -> describe(cluster, host));
    }

    /** What a host is joined with; empty while the join is not open. */
    public static Optional<String> joinKubeconfig(Cluster cluster, String host) {
        Secret secret = cluster.client()
                .secrets()
                .inNamespace("unitsmith-host-" + host)
                .withName("unitsmith-join")
                .get();
        return Optional.ofNullable(secret)
                .map(Secret::getData)
                .map(data -> data.get("kubeconfig"))
                .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    }

    private static boolean isReady(Cluster cluster, String host) {
        return cluster.kubectl(
                        "get",
                        "hosts.unitsmith.io",
                        host,
                        "--output",
                        "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
                .stdout()
                .equals("True");
    }

    private static String describe(Cluster cluster, Host host) {
        return cluster.kubectl("get", "hosts.unitsmith.io", host.name(), "--output", "yaml")
                        .stdout()
                + host.exec("journalctl", "--no-pager", "--lines", "30", "--unit", "unitsmith-agent")
                        .stdout();
    }
}
