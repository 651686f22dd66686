package io.unitsmith.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostAgent;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.TenantPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What the operator sees of the cluster: one cache per type, shared by all reconcilers. Objects in host namespaces are
 * watched by name, so that no right to list all Secrets or bindings is needed for that.
 */
public final class Cluster implements AutoCloseable {

    /** The RoleBinding by which the operator has its rights in a host's namespace. */
    public static final String OPERATOR_BINDING = "unitsmith-operator";

    /** Every informer of Fabric8 has this index. */
    private static final String BY_NAMESPACE = io.fabric8.kubernetes.client.informers.cache.Cache.NAMESPACE_INDEX;

    private static final String BY_WORKLOAD = "workload";

    private final Cache<Host> hosts;
    private final Cache<HostAgent> agents;
    private final Cache<HostAssignment> assignments;
    private final Cache<TenantPolicy> policies;
    private final Cache<Namespace> namespaces;
    private final Cache<ControllerRevision> revisions;
    private final Map<Named, Cache<?>> named = new HashMap<>();

    private record Named(Class<?> type, String name) {}

    public Cluster(KubernetesClient client) {
        hosts = new Cache<>(client.resources(Host.class), Map.of());
        agents = new Cache<>(client.resources(HostAgent.class).inAnyNamespace(), Map.of());
        assignments = new Cache<>(
                client.resources(HostAssignment.class).inAnyNamespace(), Map.of(BY_WORKLOAD, Cluster::workload));
        policies = new Cache<>(client.resources(TenantPolicy.class), Map.of());
        namespaces = new Cache<>(client.namespaces(), Map.of());
        revisions = new Cache<>(
                client.apps().controllerRevisions().inAnyNamespace().withLabel(Group.WORKLOAD_LABEL),
                Map.of(BY_WORKLOAD, Cluster::workload));
        watch(client, Lease.class, Names.LEASE);
        watch(client, Secret.class, Names.AGENT_CREDENTIAL);
        watch(client, Secret.class, Names.JOIN_SECRET);
        watch(client, ServiceAccount.class, Names.AGENT_ACCOUNT);
        watch(client, ServiceAccount.class, Names.JOIN_ACCOUNT);
        watch(client, RoleBinding.class, Names.AGENT_ACCOUNT);
        watch(client, RoleBinding.class, Names.JOIN_ACCOUNT);
        watch(client, RoleBinding.class, OPERATOR_BINDING);
    }

    private <T extends HasMetadata> void watch(KubernetesClient client, Class<T> type, String name) {
        named.put(
                new Named(type, name),
                new Cache<>(client.resources(type).inAnyNamespace().withField("metadata.name", name), Map.of()));
    }

    private static List<String> workload(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String id = labels == null ? null : labels.get(Group.WORKLOAD_LABEL);
        return id == null ? List.of() : List.of(id);
    }

    /** Starts to watch; done when everything that is there has been read. */
    public void start() {
        CompletableFuture.allOf(caches().map(Cache::start).toArray(CompletableFuture[]::new))
                .join();
    }

    public boolean hasSynced() {
        return caches().allMatch(Cache::hasSynced);
    }

    public Cache<Host> hosts() {
        return hosts;
    }

    /** The Host of this name, if there is one that is to stay. */
    public Optional<Host> host(String name) {
        return hosts.get(name).filter(host -> !host.isMarkedForDeletion());
    }

    public Cache<HostAgent> agents() {
        return agents;
    }

    public Cache<HostAssignment> assignments() {
        return assignments;
    }

    public List<HostAssignment> assignmentsOn(String host) {
        return assignments.byIndex(BY_NAMESPACE, Names.hostNamespace(host));
    }

    /** The assignments of a workload, by {@link Names#workloadId}. */
    public List<HostAssignment> assignmentsOf(String workloadId) {
        return assignments.byIndex(BY_WORKLOAD, workloadId);
    }

    public Cache<TenantPolicy> policies() {
        return policies;
    }

    public Cache<Namespace> namespaces() {
        return namespaces;
    }

    public Cache<ControllerRevision> revisions() {
        return revisions;
    }

    /** The revisions of a workload, by {@link Names#workloadId}. */
    public List<ControllerRevision> revisionsOf(String workloadId) {
        return revisions.byIndex(BY_WORKLOAD, workloadId);
    }

    /** The objects that have the same name in every host's namespace. */
    @SuppressWarnings("unchecked")
    public <T extends HasMetadata> Cache<T> named(Class<T> type, String name) {
        Cache<?> cache = named.get(new Named(type, name));
        if (cache == null) {
            throw new IllegalArgumentException("not watched: " + type.getSimpleName() + " " + name);
        }
        return (Cache<T>) cache;
    }

    /** The caches of {@link #named}. */
    public Stream<Cache<?>> allNamed() {
        return named.values().stream();
    }

    /** The host whose namespace an object is in; empty if it is no host's. */
    public static Optional<String> hostOf(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return Optional.ofNullable(labels)
                .map(present -> present.get(Group.HOST_LABEL))
                .filter(host ->
                        Names.hostNamespace(host).equals(object.getMetadata().getNamespace()));
    }

    private Stream<Cache<?>> caches() {
        return Stream.concat(
                Stream.of(hosts, agents, assignments, policies, namespaces, revisions), named.values().stream());
    }

    @Override
    public void close() {
        caches().forEach(Cache::close);
    }
}
