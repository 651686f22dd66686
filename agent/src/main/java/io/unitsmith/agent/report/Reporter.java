package io.unitsmith.agent.report;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.unitsmith.api.v1alpha1.HostAgent;
import io.unitsmith.api.v1alpha1.HostAgentStatus;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.Names;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes statuses, only those that have changed, and from a thread of its own: an API that does not answer must not keep
 * the agent from its work.
 */
public final class Reporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    private static final int RETRY_SECONDS = 5;
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("unitsmith-agent")
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final String namespace;
    private final Map<String, HostAssignmentStatus> written = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("report").daemon().factory());

    private Map<String, HostAssignmentStatus> wanted = Map.of();
    private @Nullable HostAgentStatus wantedAgent;
    private volatile @Nullable HostAgentStatus writtenAgent;

    public Reporter(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        var _ = thread.scheduleWithFixedDelay(this::write, RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
    }

    /** Takes note of a status that the cluster has already. */
    public void known(String assignment, HostAssignmentStatus status) {
        written.putIfAbsent(assignment, status);
    }

    /** Whether it is known which status of this assignment the cluster has. */
    boolean knows(String assignment) {
        return written.containsKey(assignment);
    }

    /** The cluster has no status of this assignment any more. */
    public void forget(String assignment) {
        written.remove(assignment);
    }

    /** The cluster has no status of this agent any more. */
    public void forgetAgent() {
        writtenAgent = null;
    }

    /** Has these written, in place of all that were to be written before. Returns at once. */
    public void report(Map<String, HostAssignmentStatus> statuses, HostAgentStatus agent) {
        synchronized (this) {
            wanted = Map.copyOf(statuses);
            wantedAgent = agent;
        }
        thread.execute(this::write);
    }

    private void write() {
        Map<String, HostAssignmentStatus> statuses;
        @Nullable HostAgentStatus agent;
        synchronized (this) {
            statuses = wanted;
            agent = wantedAgent;
        }
        try {
            if (agent != null && !agent.equals(writtenAgent)) {
                apply(new HostAgent(), Names.HOST_AGENT, agent);
                writtenAgent = agent;
            }
            written.keySet().retainAll(statuses.keySet());
            statuses.forEach((name, status) -> {
                if (!status.equals(written.get(name)) && apply(new HostAssignment(), name, status)) {
                    written.put(name, status);
                }
            });
        } catch (KubernetesClientException e) {
            LOG.debug("statuses could not be written, it is tried again: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("statuses could not be written", e);
        }
    }

    /** Returns whether the cluster has it now: an object that is gone needs no status, one that is refused hinders no other. */
    private <S, R extends CustomResource<?, S>> boolean apply(R object, String name, S status) {
        object.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        object.setStatus(status);
        try {
            client.resource(object).subresource("status").patch(APPLY);
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                return true;
            }
            if (e.getCode() == 400 || e.getCode() == 422) {
                LOG.error("the status of {} is refused: {}", name, e.getMessage());
                return true;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
