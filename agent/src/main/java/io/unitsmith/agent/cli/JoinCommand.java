package io.unitsmith.agent.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.unitsmith.agent.cluster.Clients;
import io.unitsmith.agent.cluster.Credential;
import io.unitsmith.agent.cluster.JoinFile;
import io.unitsmith.agent.cluster.Token;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.systemd.BusSystemd;
import io.unitsmith.agent.systemd.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gives this host its identity. A second join replaces the credential, and changes nothing else. */
@Command(
        name = "join",
        description = "Join this host to a cluster, with the kubeconfig from its Secret unitsmith-join.")
final class JoinCommand implements Callable<Integer> {

    private static final String UNIT = "unitsmith-agent.service";

    @Option(names = "--file", required = true, description = "The kubeconfig to join with; - for the standard input.")
    private String file = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        JoinFile join = JoinFile.parse(read());
        Token token = mint(join);
        new Credential(new AtomicFiles(Path.of("/"), Checkpoint.NONE)).store(join.withoutToken(), token.text());
        try (var systemd = new BusSystemd(BusSystemd.SYSTEM_BUS)) {
            systemd.enable(UNIT);
            // an agent that runs with an older credential takes the new one from its start; it is up after its first
            // turn
            Job.Result started = systemd.run(Job.RESTART, List.of(UNIT), Duration.ofMinutes(2))
                    .getOrDefault(UNIT, new Job.Result(false, "systemd did not answer"));
            if (!started.done()) {
                throw new IOException("the credential is stored, but %s did not start (%s): see journalctl -u %1$s"
                        .formatted(UNIT, started.text()));
            }
        }
        spec.commandLine()
                .getOut()
                .printf("Joined: this host serves namespace %s of %s%n", join.namespace(), join.server());
        return 0;
    }

    private String read() throws IOException {
        String text = file.equals("-")
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(Path.of(file));
        if (text.isBlank()) {
            throw new IOException(
                    "there is nothing in it; a host that has joined has no Secret unitsmith-join any more: delete Secret unitsmith-agent-credential to open the join again");
        }
        return text;
    }

    private static Token mint(JoinFile join) throws IOException {
        try (KubernetesClient client = Clients.of(join.text())) {
            return Clients.mint(client, join.namespace());
        } catch (KubernetesClientException e) {
            throw new IOException(
                    switch (e.getCode()) {
                        case 0 -> "%s cannot be reached from this host: %s".formatted(join.server(), cause(e));
                        case 401 ->
                            "the token to join with is not valid any more: fetch the Secret unitsmith-join again";
                        case 404 ->
                            "namespace %s has no ServiceAccount or Secret for an agent yet: wait for the operator, and try again (%s)"
                                    .formatted(join.namespace(), e.getMessage());
                        default -> "the cluster refused to make a token: " + e.getMessage();
                    },
                    e);
        }
    }

    private static String cause(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
