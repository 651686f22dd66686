package io.unitsmith.testbed;

import static io.unitsmith.testbed.Waiting.step;
import static io.unitsmith.testbed.Waiting.until;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** `make demo`: the test bed with users' workloads on it, left running, and a tour of what it does. */
public final class Demo {

    private static final String NAMESPACE = "demo";

    private final Testbed bed;
    private final PrintStream out;

    Demo(Testbed bed, PrintStream out) {
        this.bed = bed;
        this.out = out;
    }

    public static void main(String[] arguments) {
        try (Testbed bed = Testbed.start(Run.demo())) {
            giveKubectl(bed);
            new Demo(bed, System.out).present();
        }
        // Testcontainers keeps threads of its own
        System.exit(0);
    }

    /** Applies what users would, and shows what comes of it. */
    void present() {
        step("starting a file server", this::startFileServer);
        step("applying a policy, two pools and a mount", this::applyWorkloads);
        tour();
    }

    private static void giveKubectl(Testbed bed) {
        Path kubectl = Repository.runFolder().resolve("kubectl");
        if (bed.cluster().isFresh() || Files.notExists(kubectl)) {
            bed.cluster().copyKubectl(kubectl);
        }
    }

    private void startFileServer() {
        FileServer files = FileServer.start(bed.run());
        Secret credentials = new SecretBuilder()
                .withNewMetadata()
                .withName("uploads-credentials")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withStringData(files.credentials())
                .build();
        bed.cluster().apply(Repository.text("/demo/policy.yaml"));
        bed.client().resource(credentials).serverSideApply();
    }

    private void applyWorkloads() {
        bed.cluster().apply(Repository.text("/demo/shop.yaml"));
        bed.cluster().apply(Repository.text("/demo/blog.yaml"));
        bed.cluster().apply(Repository.text("/demo/uploads.yaml"));
        until(
                "pools and mount are ready",
                Duration.ofMinutes(2),
                () -> bed.cluster()
                        .kubectl(
                                "wait",
                                "--for=condition=Ready",
                                "--namespace",
                                NAMESPACE,
                                "--timeout=1s",
                                "--all",
                                "phpfpmpools,remotemounts")
                        .succeeded(),
                () -> kubectl("get phpfpmpools,remotemounts --output yaml").stdout());
    }

    private void tour() {
        ContainerHost host = bed.host("web-1");
        say(
                "The hosts. To follow: alias kubectl='testbed/.run/kubectl --kubeconfig testbed/.run/kubeconfig --namespace demo'");
        showKubectl("get hosts.unitsmith.io");

        say("Two pools of two users on two PHP versions. Their masters wait for a first request:");
        visit(host, "alice", "shop");
        visit(host, "bob", "blog");

        say("A remote mount. It appears when somebody looks:");
        host.exec("systemctl", "stop", "srv-uploads.mount");
        show(host, "systemctl is-active srv-uploads.mount");
        show(host, "cat /srv/uploads/hello.txt");
        show(host, "systemctl is-active srv-uploads.mount");

        say("What the API says of all that:");
        until(
                "the mount is reported",
                Duration.ofSeconds(30),
                () -> !kubectl("get remotemount uploads --output jsonpath={.status.hosts.mounted}")
                        .stdout()
                        .equals("0"),
                () -> kubectl("get remotemount uploads --output yaml").stdout());
        showKubectl("get phpfpmpools,remotemounts,hosts.unitsmith.io");

        say("It is left running. Try next:");
        out.println("""
                  docker stop unitsmith-demo-web-1      # then: kubectl get phpfpmpools --watch; docker start heals it
                  kubectl patch phpfpmpool shop --type merge --patch '{"spec":{"phpVersion":"8.2"}}'   # another PHP, same socket
                  kubectl explain phpfpmpool.spec       # every field; `make demo-down` removes the demo
                """);
    }

    private void visit(ContainerHost host, String user, String pool) {
        String service = activatedBy(host, "/run/unitsmith/fpm/%s.%s.sock".formatted(NAMESPACE, pool));
        // an earlier tour may have woken it
        host.exec("systemctl", "stop", service);
        show(host, "systemctl is-active " + service);
        show(host, "curl -s http://localhost/~%s/%s.%s/index.php".formatted(user, NAMESPACE, pool));
        show(host, "systemctl is-active " + service);
    }

    private static String activatedBy(ContainerHost host, String socket) {
        return host.exec("systemctl", "list-sockets", "--no-legend", "--no-pager", "--full")
                .output()
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns[0].equals(socket))
                .map(columns -> columns[2])
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing listens on " + socket));
    }

    private void say(String text) {
        out.println("\n" + text);
    }

    private void show(Container container, String command) {
        print("docker exec " + container.containerName() + " " + command, container.exec(command.split(" ")));
    }

    private void showKubectl(String arguments) {
        print("kubectl " + arguments, kubectl(arguments));
    }

    private Result kubectl(String arguments) {
        return bed.cluster().kubectl(("--namespace " + NAMESPACE + " " + arguments).split(" "));
    }

    private void print(String command, Result result) {
        out.println("  $ " + command);
        (result.stdout() + result.stderr()).lines().forEach(line -> out.println("  " + line));
    }
}
