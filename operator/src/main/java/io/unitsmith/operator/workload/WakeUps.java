package io.unitsmith.operator.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.Unread;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import io.unitsmith.operator.cluster.Change;
import io.unitsmith.operator.cluster.Cluster;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which workloads of one kind have to be looked at again when something else in the cluster changes. */
final class WakeUps<R extends CustomResource<S, ?>, S extends WorkloadSpec> {

    private final Cluster cluster;
    private final String kind;
    private final SimpleInboundEventSource<R> source = new SimpleInboundEventSource<>("cluster");
    private volatile @Nullable IndexerResourceCache<R> workloads;

    WakeUps(Cluster cluster, String kind) {
        this.cluster = cluster;
        this.kind = kind;
    }

    EventSource<?, R> source(IndexerResourceCache<R> primaries) {
        workloads = primaries;
        listenToPermissions();
        listenToHosts();
        listenToOwnObjects();
        return source;
    }

    private void listenToPermissions() {
        cluster.policies().onChange(change -> wake(workload -> true));
        cluster.namespaces().onChange(change -> {
            boolean tenants = !change.object().getMetadata().getName().startsWith(Names.hostNamespace(""));
            if (tenants && change.isOf(namespace -> namespace.getMetadata().getLabels())) {
                wake(workload -> true);
            }
        });
    }

    private void listenToHosts() {
        cluster.hosts().onChange(change -> {
            if (change.isOf(host -> host.getMetadata().getLabels()) || change.isOf(HasMetadata::isMarkedForDeletion)) {
                wakeOn(change);
            }
        });
        cluster.agents().onChange(change -> {
            if (change.before() == null || change.after() == null) {
                Cluster.hostOf(change.object()).ifPresent(this::wakeAllOn);
            }
        });
    }

    private void listenToOwnObjects() {
        cluster.assignments().onChange(change -> {
            @Nullable
            WorkloadReference workload = change.object().getSpec() == null
                    ? null
                    : change.object().getSpec().workload();
            if (workload != null && kind.equals(workload.kind())) {
                source.propagateEvent(new ResourceID(workload.name(), workload.namespace()));
            }
        });
        cluster.revisions().onChange(change -> {
            if (change.after() == null) {
                change.object().getMetadata().getOwnerReferences().stream()
                        .filter(owner -> kind.equals(owner.getKind()))
                        .forEach(owner -> source.propagateEvent(new ResourceID(
                                owner.getName(), change.object().getMetadata().getNamespace())));
            }
        });
    }

    void wakeAllOn(String host) {
        cluster.host(host).ifPresent(present -> wakeOn(new Change<>(null, present)));
    }

    /** Wakes those that select the host as it was or as it is, and those that are on it. */
    private void wakeOn(Change<Host> change) {
        String host = change.object().getMetadata().getName();
        Set<String> present = cluster.assignmentsOn(host).stream()
                .map(assignment -> assignment.getMetadata().getName())
                .collect(Collectors.toSet());
        wake(workload -> present.contains(Names.assignment(
                        workload.getKind(),
                        workload.getMetadata().getNamespace(),
                        workload.getMetadata().getName()))
                || Stream.of(change.before(), change.after())
                        .anyMatch(state -> state != null && selects(workload, state)));
    }

    /** A spec that this version cannot read selects nothing that could be acted upon. */
    private boolean selects(R workload, Host host) {
        S spec = workload.getSpec();
        return Unread.in("spec", spec).isEmpty() && Observer.selects(spec, host);
    }

    private void wake(Predicate<R> affected) {
        @Nullable IndexerResourceCache<R> known = workloads;
        // Before that, all workloads are yet to be looked at anyway.
        if (known != null && source.isRunning()) {
            known.list(affected).forEach(workload -> source.propagateEvent(ResourceID.fromResource(workload)));
        }
    }
}
