package io.unitsmith.agent.source;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The desired state from the host's namespace, by watches that come back by themselves. Until all of them have seen the
 * whole namespace, what is on disk counts: not to have heard yet is not to have heard that there is nothing.
 */
public final class ClusterSource implements Source, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterSource.class);

    private final LastKnownState lastKnown;
    private final SharedIndexInformer<GenericKubernetesResource> assignments;
    private final SharedIndexInformer<GenericKubernetesResource> hostAgents;
    private final SharedIndexInformer<Secret> secrets;
    private final KubernetesClient client;
    private final String namespace;
    private volatile Runnable listener = () -> {};
    private @Nullable DesiredState known;

    public ClusterSource(KubernetesClient client, String namespace, LastKnownState lastKnown) {
        this.client = client;
        this.namespace = namespace;
        this.lastKnown = lastKnown;
        this.assignments = follow(client.genericKubernetesResources(context("HostAssignment", "hostassignments"))
                .inNamespace(namespace)
                .runnableInformer(0));
        this.hostAgents = follow(client.genericKubernetesResources(context("HostAgent", "hostagents"))
                .inNamespace(namespace)
                .runnableInformer(0));
        this.secrets = follow(client.secrets().inNamespace(namespace).runnableInformer(0));
    }

    private static ResourceDefinitionContext context(String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(Group.NAME)
                .withVersion(Group.VERSION)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    private <T extends HasMetadata> SharedIndexInformer<T> follow(SharedIndexInformer<T> informer) {
        informer.exceptionHandler((started, e) -> {
            LOG.debug("a watch ended, and is begun again: {}", e.getMessage());
            return true;
        });
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                listener.run();
            }

            @Override
            public void onUpdate(T before, T after) {
                if (!Objects.equals(
                                before.getMetadata().getGeneration(),
                                after.getMetadata().getGeneration())
                        || after instanceof Secret) {
                    listener.run(); // and not for the agent's own writes of a status
                }
            }

            @Override
            public void onDelete(T object, boolean stateUnknown) {
                LOG.info(
                        "{} {} is gone from the cluster",
                        object.getKind(),
                        object.getMetadata().getName());
                listener.run();
            }
        });
        return informer;
    }

    /** Begins to watch. Returns at once, whether the API answers or not. */
    public void start() {
        for (SharedIndexInformer<?> informer : List.of(assignments, hostAgents, secrets)) {
            informer.start().thenRun(() -> listener.run()); // also of a namespace with nothing in it
        }
    }

    @Override
    public synchronized DesiredState current() throws IOException {
        if (isHeard()) {
            Optional<Snapshot> snapshot = snapshot();
            if (snapshot.isPresent()) {
                lastKnown.save(snapshot.get());
                known = DesiredState.of(snapshot.get());
            }
        }
        if (known == null) {
            known = lastKnown.load().map(DesiredState::of).orElse(DesiredState.NOTHING);
        }
        return known;
    }

    /** Whether the cluster has said, since this agent started, what there is. */
    public boolean isHeard() {
        return assignments.hasSynced() && hostAgents.hasSynced() && secrets.hasSynced();
    }

    /** The status that the cluster has of an assignment; null if it has none, or has not been heard of yet. */
    public @Nullable Object statusOf(String assignment) {
        return status(assignments, assignment);
    }

    /** The same of this agent. */
    public @Nullable Object statusOfHostAgent() {
        return status(hostAgents, Names.HOST_AGENT);
    }

    private @Nullable Object status(SharedIndexInformer<GenericKubernetesResource> informer, String name) {
        @Nullable GenericKubernetesResource object = informer.getIndexer().getByKey(namespace + "/" + name);
        return object == null ? null : object.getAdditionalProperties().get("status");
    }

    /** Empty if a Secret would have to be asked for, and the API is away. */
    private Optional<Snapshot> snapshot() {
        List<GenericKubernetesResource> objects = assignments.getStore().list().stream()
                .map(ClusterSource::withoutStatus)
                .sorted(Comparator.comparing(object -> object.getMetadata().getName()))
                .toList();
        Set<String> named = new TreeSet<>();
        objects.forEach(object -> named.addAll(Snapshot.secretsOf(object)));
        List<Secret> found = new ArrayList<>();
        try {
            named.forEach(name -> secret(name).ifPresent(found::add));
        } catch (KubernetesClientException e) {
            LOG.warn("a Secret could not be fetched: {}", e.getMessage());
            return Optional.empty();
        }
        @Nullable
        GenericKubernetesResource agent = hostAgents.getIndexer().getByKey(namespace + "/" + Names.HOST_AGENT);
        return Optional.of(new Snapshot(objects, found, agent == null ? null : withoutStatus(agent)));
    }

    /** An assignment may be heard of before its Secret is: then the Secret is asked for. */
    private Optional<Secret> secret(String name) {
        @Nullable Secret secret = secrets.getIndexer().getByKey(namespace + "/" + name);
        if (secret == null) {
            secret = client.secrets().inNamespace(namespace).withName(name).get();
        }
        return Optional.ofNullable(secret)
                .map(found -> new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withData(found.getData())
                        .build());
    }

    private static GenericKubernetesResource withoutStatus(GenericKubernetesResource object) {
        var copy = new GenericKubernetesResource();
        copy.setApiVersion(object.getApiVersion());
        copy.setKind(object.getKind());
        ObjectMeta metadata = object.getMetadata();
        copy.setMetadata(new ObjectMetaBuilder()
                .withName(metadata.getName())
                .withGeneration(metadata.getGeneration())
                .build());
        copy.setAdditionalProperty("spec", object.getAdditionalProperties().get("spec"));
        return copy;
    }

    @Override
    public void onChange(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public void close() {
        for (SharedIndexInformer<?> informer : List.of(assignments, hostAgents, secrets)) {
            informer.stop();
        }
    }
}
