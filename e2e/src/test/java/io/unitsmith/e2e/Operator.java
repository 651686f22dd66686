package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The operator's Deployment: how many there are, and who leads. */
record Operator(Testbed bed) {

    private static final String NAMESPACE = "unitsmith-system";

    /** Returns once just so many run. */
    void scale(int replicas) {
        bed.cluster()
                .kubectl("scale", "deployment", "--all", "--namespace", NAMESPACE, "--replicas=" + replicas)
                .output();
        until(
                replicas + " operators run",
                Duration.ofMinutes(2),
                () -> running().size() == replicas && pods().size() == replicas,
                () -> bed.cluster()
                        .kubectl("describe", "pods", "--namespace", NAMESPACE)
                        .stdout());
    }

    /** The name of the pod that holds the lease. */
    Optional<String> leader() {
        List<String> running = running();
        return bed.client().leases().inNamespace(NAMESPACE).list().getItems().stream()
                .map(Lease::getSpec)
                .map(spec -> Optional.ofNullable(spec.getHolderIdentity()).orElse(""))
                .flatMap(holder -> running.stream().filter(holder::contains))
                .findFirst();
    }

    String awaitLeader() {
        until(
                "an operator leads",
                Duration.ofSeconds(60),
                () -> leader().isPresent(),
                () -> bed.cluster()
                        .kubectl("get", "leases", "--namespace", NAMESPACE, "--output", "yaml")
                        .stdout());
        return leader().orElseThrow();
    }

    /** At once, without letting it say good-bye. */
    void kill(String pod) {
        bed.cluster()
                .kubectl("delete", "pod", pod, "--namespace", NAMESPACE, "--grace-period=0", "--force")
                .output();
    }

    private List<String> running() {
        return pods().stream()
                .filter(pod -> pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True")))
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private List<Pod> pods() {
        return bed.client().pods().inNamespace(NAMESPACE).list().getItems();
    }
}
