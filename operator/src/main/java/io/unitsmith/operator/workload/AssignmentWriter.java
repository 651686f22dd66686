package io.unitsmith.operator.workload;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.operator.access.SecretCopies;
import io.unitsmith.operator.cluster.Cluster;
import io.unitsmith.operator.cluster.Writes;
import io.unitsmith.operator.rollout.RolloutPlanner.Write;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out a plan, host by host: what fails on one is no matter of the others. */
final class AssignmentWriter {

    private static final Logger LOG = LoggerFactory.getLogger(AssignmentWriter.class);

    private final KubernetesClient client;
    private final Cluster cluster;
    private final SecretCopies copies;

    AssignmentWriter(KubernetesClient client, Cluster cluster, SecretCopies copies) {
        this.client = client;
        this.cluster = cluster;
        this.copies = copies;
    }

    /**
     * Writes what can be written.
     *
     * @param present the assignments that the plan was made from, by host
     * @param secret what goes with new content, if it needs something
     * @return the failures
     */
    List<KubernetesClientException> write(
            List<Write> plan, Map<String, HostAssignment> present, SecretCopies.@Nullable Copy secret) {
        return plan.stream()
                // The HostAgent is the last thing made in a host's namespace; its event calls again.
                .filter(write -> cluster.agents()
                        .get(Names.hostNamespace(write.host()), Names.HOST_AGENT)
                        .isPresent())
                .map(write -> write(write, present.get(write.host()), secret))
                .flatMap(List::stream)
                .toList();
    }

    private List<KubernetesClientException> write(
            Write write, @Nullable HostAssignment present, SecretCopies.@Nullable Copy secret) {
        try {
            @Nullable Content staged = write.spec().staged();
            if (secret != null && staged != null && secret.name().equals(staged.secret()) && !has(present, secret)) {
                copies.put(write.host(), workloadId(write.spec().workload()), secret);
            }
            HostAssignment assignment = assignment(write, present);
            Writes.unlessOutdated(() -> {
                if (present == null) {
                    client.resource(assignment).create();
                } else {
                    client.resource(assignment).lockResourceVersion().update();
                }
            });
            return List.of();
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "Assignment of {} to host {} not written: {}",
                    write.spec().workload(),
                    write.host(),
                    e.getMessage());
            return List.of(e);
        }
    }

    private static boolean has(@Nullable HostAssignment present, SecretCopies.Copy secret) {
        return present != null
                && (isWith(present.getSpec().live(), secret)
                        || isWith(present.getSpec().staged(), secret));
    }

    private static boolean isWith(@Nullable Content content, SecretCopies.Copy secret) {
        return content != null && secret.name().equals(content.secret());
    }

    private static HostAssignment assignment(Write write, @Nullable HostAssignment present) {
        WorkloadReference workload = write.spec().workload();
        HostAssignment assignment = new HostAssignment();
        assignment.setMetadata(new ObjectMetaBuilder()
                .withNamespace(Names.hostNamespace(write.host()))
                .withName(Names.assignment(workload.kind(), workload.namespace(), workload.name()))
                .withResourceVersion(
                        present == null ? null : present.getMetadata().getResourceVersion())
                .addToLabels(Group.HOST_LABEL, write.host())
                .addToLabels(Group.WORKLOAD_LABEL, workloadId(workload))
                .build());
        assignment.setSpec(write.spec());
        return assignment;
    }

    private static String workloadId(WorkloadReference workload) {
        return Names.workloadId(workload.kind(), workload.namespace(), workload.name());
    }
}
