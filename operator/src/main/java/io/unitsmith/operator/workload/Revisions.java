package io.unitsmith.operator.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.Revision;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import io.unitsmith.operator.cluster.Cluster;
import io.unitsmith.operator.cluster.Writes;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The history of each workload: ControllerRevisions beside it, which go with it. */
final class Revisions {

    private static final int KEPT = 10;

    private final KubernetesClient client;
    private final Cluster cluster;

    Revisions(KubernetesClient client, Cluster cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    /**
     * Writes a revision down if it is new, and forgets the oldest ones over ten.
     *
     * @param assignments what hosts have: the revisions in there are not forgotten
     */
    void keep(HasMetadata workload, String workloadId, Revision<?> current, Collection<HostAssignment> assignments) {
        Set<String> inUse = inUse(assignments);
        List<ControllerRevision> all = cluster.revisionsOf(workloadId);
        if (all.stream().noneMatch(revision -> revision.getMetadata().getName().equals(current.name()))) {
            long newest = all.stream()
                    .mapToLong(ControllerRevision::getRevision)
                    .max()
                    .orElse(0);
            ControllerRevision revision =
                    controllerRevision(workload, workloadId, current.name(), current.spec(), newest + 1);
            Writes.unlessOutdated(() -> client.resource(revision).create());
        }
        all.stream()
                .filter(revision -> !revision.getMetadata().getName().equals(current.name()))
                .sorted(Comparator.comparing(ControllerRevision::getRevision).reversed())
                .skip(KEPT - 1)
                .filter(revision -> !inUse.contains(revision.getMetadata().getName()))
                .forEach(revision -> client.resource(revision).delete());
    }

    private static Set<String> inUse(Collection<HostAssignment> assignments) {
        return assignments.stream()
                .flatMap(assignment -> Stream.of(
                        Optional.ofNullable(assignment.getSpec().live()).map(Content::revision),
                        Optional.ofNullable(assignment.getSpec().staged()).map(Content::revision),
                        Optional.ofNullable(assignment.getStatus())
                                .map(HostAssignmentStatus::live)
                                .map(HostAssignmentStatus.Live::revision)))
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    private static ControllerRevision controllerRevision(
            HasMetadata workload, String workloadId, String name, WorkloadSpec spec, long number) {
        return new ControllerRevisionBuilder()
                .withNewMetadata()
                .withNamespace(workload.getMetadata().getNamespace())
                .withName(name)
                .addToLabels(Group.WORKLOAD_LABEL, workloadId)
                .addNewOwnerReference()
                .withApiVersion(workload.getApiVersion())
                .withKind(workload.getKind())
                .withName(workload.getMetadata().getName())
                .withUid(workload.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withRevision(number)
                .withData(spec)
                .build();
    }
}
