package io.unitsmith.operator.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.Revision;
import io.unitsmith.api.v1alpha1.Unread;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import io.unitsmith.api.v1alpha1.WorkloadStatus;
import io.unitsmith.operator.access.SecretCopies;
import io.unitsmith.operator.cluster.Cluster;
import io.unitsmith.operator.cluster.EventRecorder;
import io.unitsmith.operator.host.Heartbeats;
import io.unitsmith.operator.rollout.HostSituation;
import io.unitsmith.operator.rollout.RolloutPlanner;
import io.unitsmith.operator.status.Fault;
import io.unitsmith.operator.status.StatusAggregator;
import io.unitsmith.operator.status.StatusAggregator.Knowledge;
import io.unitsmith.operator.status.Summary;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A workload of whatever kind: observe, permit, select, plan, write, report. */
public final class WorkloadReconciler<R extends CustomResource<S, T>, S extends WorkloadSpec, T extends WorkloadStatus>
        implements Reconciler<R>, Cleaner<R> {

    /** Tenants' Secrets are not watched: a rotated one is noticed within this time. */
    private static final Duration SECRET_INTERVAL = Duration.ofSeconds(60);

    private final Kind<R, S, T> kind;
    private final KubernetesClient client;
    private final Observer observer;
    private final Revisions revisions;
    private final SecretCopies copies;
    private final AssignmentWriter writer;
    private final StatusAggregator aggregator;
    private final EventRecorder events;
    private final WakeUps<R, S> wakeUps;

    public WorkloadReconciler(
            Kind<R, S, T> kind,
            KubernetesClient client,
            Cluster cluster,
            Heartbeats heartbeats,
            SecretCopies copies,
            EventRecorder events,
            Clock clock) {
        this.kind = kind;
        this.client = client;
        this.observer = new Observer(cluster, heartbeats);
        this.revisions = new Revisions(client, cluster);
        this.copies = copies;
        this.writer = new AssignmentWriter(client, cluster, copies);
        this.aggregator = new StatusAggregator(clock);
        this.events = events;
        this.wakeUps = new WakeUps<>(cluster, HasMetadata.getKind(kind.type()));
    }

    /** Looks again at every workload that is, or should be, on a host. */
    public void wakeAllOn(String host) {
        wakeUps.wakeAllOn(host);
    }

    @Override
    public List<EventSource<?, R>> prepareEventSources(EventSourceContext<R> context) {
        return List.of(wakeUps.source(context.getPrimaryCache()));
    }

    @Override
    public UpdateControl<R> reconcile(R workload, Context<R> context) {
        List<String> unread = Unread.in("spec", workload.getSpec());
        if (!unread.isEmpty()) {
            refuse(workload, unread, context);
            return UpdateControl.noUpdate();
        }
        S spec = workload.getSpec();
        Map<String, HostAssignment> assignments = observer.assignments(id(workload));
        List<HostSituation> hosts = observer.situations(
                workload.getMetadata().getNamespace(), observer.selected(spec), kind.claims(spec), assignments);
        Revision<S> revision = Revision.of(workload.getMetadata().getName(), spec, kind.specType());
        revisions.keep(workload, id(workload), revision, assignments.values());
        Target target = target(workload, revision);
        List<KubernetesClientException> failures = writer.write(
                RolloutPlanner.plan(reference(workload), target.content(), hosts), assignments, target.secret());
        report(
                workload,
                context,
                new Knowledge(
                        generation(workload),
                        false,
                        revision.name(),
                        target.content(),
                        target.faults(),
                        hosts,
                        workload.getStatus()));
        failOn(failures);
        return kind.secrets(spec).isEmpty()
                ? UpdateControl.noUpdate()
                : UpdateControl.<R>noUpdate().rescheduleAfter(SECRET_INTERVAL);
    }

    private void refuse(R workload, List<String> unread, Context<R> context) {
        Fault fault = new Fault(
                Reason.NOT_UNDERSTOOD,
                "this version of the operator cannot read %s; upgrade the operator"
                        .formatted(String.join(", ", unread)));
        report(
                workload,
                context,
                new Knowledge(
                        generation(workload), false, null, null, List.of(fault), List.of(), workload.getStatus()));
    }

    /** What hosts are to have, with the Secret that goes with it; or why that is not known. */
    private record Target(@Nullable Content content, SecretCopies.@Nullable Copy secret, List<Fault> faults) {}

    private Target target(R workload, Revision<S> revision) {
        List<SecretCopies.Need> needs = kind.secrets(revision.spec());
        if (needs.isEmpty()) {
            return new Target(kind.content(revision.name(), revision.spec(), null), null, List.of());
        }
        String namespace = workload.getMetadata().getNamespace();
        return switch (copies.read(namespace, workload.getMetadata().getName(), needs)) {
            case SecretCopies.Copy copy ->
                new Target(kind.content(revision.name(), revision.spec(), copy.name()), copy, List.of());
            case SecretCopies.Missing missing ->
                new Target(
                        null, null, List.of(new Fault(missing.reason(), missing.field() + ": " + missing.message())));
        };
    }

    @Override
    public DeleteControl cleanup(R workload, Context<R> context) {
        Map<String, HostAssignment> assignments = observer.assignments(id(workload));
        List<HostSituation> hosts =
                observer.situations(workload.getMetadata().getNamespace(), Set.of(), List.of(), assignments);
        List<KubernetesClientException> failures =
                writer.write(RolloutPlanner.plan(reference(workload), null, hosts), assignments, null);
        boolean awaited = hosts.stream().anyMatch(host -> host.presence().isHeard());
        if (awaited || !failures.isEmpty() || !isOnlyTombstones(workload, assignments.keySet())) {
            // not at the very end: a status written there would outdate the removal of the finalizer
            report(
                    workload,
                    context,
                    new Knowledge(generation(workload), true, null, null, List.of(), hosts, workload.getStatus()));
            failOn(failures);
            return DeleteControl.noFinalizerRemoval();
        }
        String left = hosts.stream().map(HostSituation::host).sorted().collect(Collectors.joining(", "));
        events.record(
                workload,
                EventRecorder.Type.NORMAL,
                Reason.REMOVED,
                left.isEmpty() ? "removed from all hosts" : "removed; still to go once they are heard again: " + left);
        return DeleteControl.defaultDelete();
    }

    /** Whether the API server, asked afresh, has nothing of the workload but removals that were planned for. */
    private boolean isOnlyTombstones(R workload, Set<String> hosts) {
        return client
                .resources(HostAssignment.class)
                .inAnyNamespace()
                .withLabel(Group.WORKLOAD_LABEL, id(workload))
                .list()
                .getItems()
                .stream()
                .filter(observer::counts)
                .allMatch(assignment -> Boolean.TRUE.equals(assignment.getSpec().remove())
                        && Cluster.hostOf(assignment).filter(hosts::contains).isPresent());
    }

    private void report(R workload, Context<R> context, Knowledge knowledge) {
        String namespace = workload.getMetadata().getNamespace();
        String name = workload.getMetadata().getName();
        Summary summary = aggregator.summarize(knowledge);
        T status = kind.status(namespace, name, summary);
        @Nullable T previous = workload.getStatus();
        if (status.equals(previous)) {
            return;
        }
        R fresh = kind.blank();
        fresh.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        fresh.setStatus(status);
        PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(workload, fresh, context);
        Announcement.of(previous, summary)
                .ifPresent(announcement ->
                        events.record(workload, announcement.type(), announcement.reason(), summary.message()));
    }

    private static void failOn(List<KubernetesClientException> failures) {
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private WorkloadReference reference(R workload) {
        return new WorkloadReference(
                workload.getKind(),
                workload.getMetadata().getNamespace(),
                workload.getMetadata().getName(),
                workload.getMetadata().getUid());
    }

    private static Long generation(HasMetadata workload) {
        return workload.getMetadata().getGeneration();
    }

    static String id(HasMetadata workload) {
        return Names.workloadId(
                workload.getKind(),
                workload.getMetadata().getNamespace(),
                workload.getMetadata().getName());
    }
}
