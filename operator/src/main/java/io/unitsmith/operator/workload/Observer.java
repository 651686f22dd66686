package io.unitsmith.operator.workload;

import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Unread;
import io.unitsmith.api.v1alpha1.UserLimits;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import io.unitsmith.operator.cluster.Cluster;
import io.unitsmith.operator.host.Heartbeats;
import io.unitsmith.operator.policy.Claim;
import io.unitsmith.operator.policy.NotPermitted;
import io.unitsmith.operator.policy.Permissions;
import io.unitsmith.operator.rollout.HostSituation;
import io.unitsmith.operator.rollout.Presence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts together what is known of a workload on each host that it is, or should be, on. */
final class Observer {

    private final Cluster cluster;
    private final Heartbeats heartbeats;

    Observer(Cluster cluster, Heartbeats heartbeats) {
        this.cluster = cluster;
        this.heartbeats = heartbeats;
    }

    /** The assignments of a workload that count, by host. */
    Map<String, HostAssignment> assignments(String workloadId) {
        Map<String, HostAssignment> byHost = new HashMap<>();
        cluster.assignmentsOf(workloadId).stream()
                .filter(this::counts)
                .forEach(assignment -> Cluster.hostOf(assignment).ifPresent(host -> byHost.put(host, assignment)));
        return byHost;
    }

    /** Whether an assignment is of a Host that is there to stay. */
    boolean counts(HostAssignment assignment) {
        return !assignment.isMarkedForDeletion()
                && Cluster.hostOf(assignment).flatMap(cluster::host).isPresent();
    }

    /** The hosts that a spec selects by label, or names, be they there or not. */
    Set<String> selected(WorkloadSpec spec) {
        if (spec.hostSelector() == null) {
            return Set.copyOf(spec.hostNames());
        }
        return cluster.hosts().list().stream()
                .filter(host -> !host.isMarkedForDeletion() && selects(spec, host))
                .map(host -> host.getMetadata().getName())
                .collect(Collectors.toUnmodifiableSet());
    }

    static boolean selects(WorkloadSpec spec, Host host) {
        return spec.hostSelector() == null
                ? spec.hostNames().contains(host.getMetadata().getName())
                : spec.hostSelector().matches(host.getMetadata().getLabels());
    }

    /**
     * The workload on each host, by name.
     *
     * @param selected the hosts that are to have the workload
     * @param claims what it asks for
     */
    List<HostSituation> situations(
            String namespace, Set<String> selected, List<Claim> claims, Map<String, HostAssignment> assignments) {
        Permissions permissions = permissions();
        List<HostSituation> situations = new ArrayList<>();
        Set<String> names = new TreeSet<>(selected);
        names.addAll(assignments.keySet());
        for (String name : names) {
            Optional<Host> host = cluster.host(name);
            Permissions.Place place = new Permissions.Place(
                    namespace, name, host.map(Observer::labels).orElse(Map.of()));
            Optional<NotPermitted> refusal = host.filter(present -> selected.contains(name))
                    .flatMap(present -> permissions.refusal(place, claims));
            situations.add(situation(
                    name,
                    selected.contains(name),
                    host.isPresent() ? heartbeats.of(name) : new Presence.NotFound(),
                    refusal.orElse(null),
                    userLimits(permissions, place, claims, assignments.get(name)),
                    assignments.get(name)));
        }
        return situations;
    }

    /** Of the users that are asked for now, and of those that the host has still. */
    private static Map<String, UserLimits> userLimits(
            Permissions permissions, Permissions.Place place, List<Claim> claims, @Nullable HostAssignment assignment) {
        @Nullable HostAssignmentSpec present = assignment == null ? null : assignment.getSpec();
        Set<String> users = new TreeSet<>();
        claims.stream()
                .filter(claim -> claim.resource() == Claim.Resource.USER)
                .map(Claim::value)
                .forEach(users::add);
        if (present != null) {
            Stream.of(Optional.ofNullable(present.live()), Optional.ofNullable(present.staged()))
                    .flatMap(Optional::stream)
                    .map(Content::phpFpmPool)
                    .flatMap(Stream::ofNullable)
                    .map(PhpFpmPoolSpec::user)
                    .flatMap(Stream::ofNullable)
                    .forEach(users::add);
        }
        return permissions.userLimits(place, users, present == null ? Map.of() : present.userLimits());
    }

    private static HostSituation situation(
            String host,
            boolean selected,
            Presence presence,
            @Nullable NotPermitted refusal,
            Map<String, UserLimits> userLimits,
            @Nullable HostAssignment assignment) {
        if (assignment == null) {
            return new HostSituation(host, selected, presence, refusal, userLimits, null, null, List.of());
        }
        List<String> unread = Stream.concat(
                        Unread.in("spec", assignment.getSpec()).stream(),
                        assignment.getStatus() == null
                                ? Stream.empty()
                                : Unread.in("status", assignment.getStatus()).stream())
                .toList();
        return new HostSituation(
                host, selected, presence, refusal, userLimits, assignment.getSpec(), assignment.getStatus(), unread);
    }

    private Permissions permissions() {
        return new Permissions(
                cluster.policies().list().stream()
                        .filter(policy -> Unread.in("spec", policy.getSpec()).isEmpty())
                        .map(policy ->
                                new Permissions.Policy(policy.getMetadata().getName(), policy.getSpec()))
                        .toList(),
                cluster.namespaces().list().stream()
                        .filter(namespace -> !namespace.getMetadata().getName().startsWith(Names.hostNamespace("")))
                        .collect(Collectors.toMap(
                                namespace -> namespace.getMetadata().getName(),
                                namespace -> namespace.getMetadata().getLabels() == null
                                        ? Map.of()
                                        : namespace.getMetadata().getLabels())));
    }

    private static Map<String, String> labels(Host host) {
        Map<String, String> labels = host.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }
}
