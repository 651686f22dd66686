package io.unitsmith.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostStatus;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.operator.access.Join;
import io.unitsmith.operator.access.SecretCopies;
import io.unitsmith.operator.cluster.Change;
import io.unitsmith.operator.cluster.Cluster;
import io.unitsmith.operator.cluster.EventRecorder;
import io.unitsmith.operator.cluster.Writes;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A host: its namespace, its join, its status, and the end of what it has confirmed to have removed. */
public final class HostReconciler implements Reconciler<Host>, Cleaner<Host> {

    private static final Duration SWEEP_AGAIN = Duration.ofSeconds(60);

    private final KubernetesClient client;
    private final Cluster cluster;
    private final Heartbeats heartbeats;
    private final HostNamespace namespaces;
    private final Join joins;
    private final SecretCopies copies;
    private final EventRecorder events;
    private final HostStatuses statuses;
    private final SimpleInboundEventSource<Host> wakeUps = new SimpleInboundEventSource<>("cluster");

    public HostReconciler(
            KubernetesClient client,
            Cluster cluster,
            Heartbeats heartbeats,
            HostNamespace namespaces,
            Join joins,
            SecretCopies copies,
            EventRecorder events,
            Clock clock) {
        this.client = client;
        this.cluster = cluster;
        this.heartbeats = heartbeats;
        this.namespaces = namespaces;
        this.joins = joins;
        this.copies = copies;
        this.events = events;
        this.statuses = new HostStatuses(clock);
    }

    /** Looks at a host again. */
    public void wake(String host) {
        wakeUps.propagateEvent(new ResourceID(host));
    }

    @Override
    public List<EventSource<?, Host>> prepareEventSources(EventSourceContext<Host> context) {
        cluster.namespaces().onChange(change -> {
            String name = change.object().getMetadata().getName();
            if (name.startsWith(Names.hostNamespace(""))) {
                wake(name.substring(Names.hostNamespace("").length()));
            }
        });
        cluster.agents().onChange(this::wakeHostOf);
        cluster.assignments().onChange(this::wakeHostOf);
        cluster.allNamed()
                .forEach(cache -> cache.onChange(change -> {
                    // Heartbeats come by the thousand; what they mean is told by Heartbeats.
                    if (!(change.object() instanceof Lease) || change.after() == null) {
                        wakeHostOf(change);
                    }
                }));
        return List.of(wakeUps);
    }

    private void wakeHostOf(Change<? extends HasMetadata> change) {
        Cluster.hostOf(change.object()).ifPresent(this::wake);
    }

    @Override
    public UpdateControl<Host> reconcile(Host host, Context<Host> context) {
        String name = host.getMetadata().getName();
        HostNamespace.State state = namespaces.ensure(host);
        Join.@Nullable Standing standing = null;
        boolean unswept = false;
        if (state == HostNamespace.State.COMPLETE) {
            standing = joins.identity(name)
                    .map(identity -> joins.keep(name, identity, heartbeats.silence(name)))
                    .orElse(null);
            if (standing != null && standing.justNow()) {
                events.record(host, EventRecorder.Type.NORMAL, Reason.JOINED, "the host's agent is heard");
            }
            removeConfirmed(name);
            unswept = copies.sweep(name, secretsInUse(name));
        }
        boolean joined = standing == null
                ? joins.identity(name).map(Join.Identity::isJoined).orElse(false)
                : standing.joined();
        HostStatuses.Knowledge known = knowledge(host, state == HostNamespace.State.FOREIGN, joined);
        report(host, context, statuses.of(known));
        return again(standing, unswept, statuses.untilChange(known));
    }

    @Override
    public DeleteControl cleanup(Host host, Context<Host> context) {
        if (!namespaces.delete(host.getMetadata().getName())) {
            return DeleteControl.noFinalizerRemoval();
        }
        heartbeats.forget(host.getMetadata().getName());
        return DeleteControl.defaultDelete();
    }

    /** Deletes the assignments that the host has confirmed to have removed: of live workloads and of tombstones alike. */
    private void removeConfirmed(String host) {
        for (HostAssignment assignment : cluster.assignmentsOn(host)) {
            if (isConfirmed(assignment)) {
                WorkloadReference workload = assignment.getSpec().workload();
                copies.forget(host, Names.workloadId(workload.kind(), workload.namespace(), workload.name()));
                Writes.unlessOutdated(
                        () -> client.resource(assignment).lockResourceVersion().delete());
            }
        }
    }

    private static boolean isConfirmed(HostAssignment assignment) {
        @Nullable HostAssignmentSpec spec = assignment.getSpec();
        @Nullable HostAssignmentStatus status = assignment.getStatus();
        return spec != null
                && Boolean.TRUE.equals(spec.remove())
                && status != null
                && status.live() != null
                && status.live().state() == HostAssignmentStatus.State.REMOVED;
    }

    private Set<String> secretsInUse(String host) {
        return cluster.assignmentsOn(host).stream()
                .flatMap(assignment -> {
                    @Nullable HostAssignmentSpec spec = assignment.getSpec();
                    @Nullable HostAssignmentStatus status = assignment.getStatus();
                    return Stream.of(
                            spec == null || spec.live() == null
                                    ? null
                                    : spec.live().secret(),
                            spec == null || spec.staged() == null
                                    ? null
                                    : spec.staged().secret(),
                            status == null || status.live() == null
                                    ? null
                                    : status.live().secret(),
                            status == null || status.staged() == null
                                    ? null
                                    : status.staged().secret());
                })
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private HostStatuses.Knowledge knowledge(Host host, boolean foreign, boolean joined) {
        String name = host.getMetadata().getName();
        return new HostStatuses.Knowledge(
                name,
                host.getMetadata().getGeneration(),
                host.getStatus(),
                foreign,
                joined,
                heartbeats.of(name),
                cluster.agents()
                        .get(Names.hostNamespace(name), Names.HOST_AGENT)
                        .map(agent -> agent.getStatus())
                        .orElse(null),
                cluster.assignmentsOn(name).size());
    }

    private static void report(Host host, Context<Host> context, HostStatus status) {
        if (!status.equals(host.getStatus())) {
            Host fresh = new Host();
            fresh.setMetadata(new ObjectMetaBuilder()
                    .withName(host.getMetadata().getName())
                    .build());
            fresh.setStatus(status);
            PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(host, fresh, context);
        }
    }

    private static UpdateControl<Host> again(
            Join.@Nullable Standing standing, boolean unswept, Optional<Duration> untilChange) {
        Optional<Duration> soonest = Stream.of(
                        Optional.ofNullable(standing).map(Join.Standing::again),
                        unswept ? Optional.of(SWEEP_AGAIN) : Optional.<Duration>empty(),
                        untilChange)
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
        UpdateControl<Host> control = UpdateControl.noUpdate();
        return soonest.map(control::rescheduleAfter).orElse(control);
    }
}
