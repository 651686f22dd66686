package io.unitsmith.agent.report;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.unitsmith.agent.cluster.Clients;
import io.unitsmith.agent.cluster.Credential;
import io.unitsmith.agent.cluster.Token;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the host's Lease, and the agent's own token, from a thread of its own: a change that takes long on the host does
 * not make the host unreachable, an agent that hangs does.
 *
 * <p>Two machines with one identity do not fight: the one that holds the Lease goes on, and the other leaves its id in an
 * annotation of the Lease, for the first to report.
 */
public final class Heartbeat implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    /** A machine whose id is in here wants the Lease that another one holds. */
    static final String DUPLICATE = Group.NAME + "/duplicate-agent";

    private static final int UNAUTHORIZED = 401;
    private static final int CONFLICT = 409;

    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Twice the time that a host may be silent: then the other machine is gone, and this one takes over. */
    private static final Duration SILENCE = Duration.ofSeconds(80);

    private final KubernetesClient client;
    private final String namespace;
    private final String machineId;
    private final Credential credential;
    private final BooleanSupplier alive;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heartbeat").daemon().factory());

    private final Watched holder = new Watched();
    private final Watched rival = new Watched();
    private volatile Standing standing = Standing.UNKNOWN;

    /** How the agent stands with the cluster. */
    public enum Standing {
        /** The API has not answered yet, or answers no more. */
        UNKNOWN("the API does not answer: what is applied stays in force"),
        /** The Lease is this machine's. */
        HOLDER(null),
        /** The Lease is this machine's, and another machine wants it. */
        RIVALLED("another machine uses this host's identity too"),
        /** Another machine holds the Lease: this one must not act. */
        DUPLICATE("another machine holds this host's Lease: two use one identity, and this one waits"),
        /** The API does not accept the token any more. */
        EXPIRED("the cluster does not accept the agent's token any more: join this host again");

        private final @Nullable String trouble;

        Standing(@Nullable String trouble) {
            this.trouble = trouble;
        }

        /** What is wrong; null if nothing is. */
        public @Nullable String trouble() {
            return trouble;
        }
    }

    /** A value, and since when it has been the same by this machine's own clock. */
    private final class Watched {
        private @Nullable String value;
        private Instant since = Instant.MIN;

        /** For how long the value has not changed. */
        Duration still(@Nullable String now) {
            if (since.equals(Instant.MIN) || !Objects.equals(value, now)) {
                value = now;
                since = clock.instant();
            }
            return Duration.between(since, clock.instant());
        }
    }

    public Heartbeat(
            KubernetesClient client,
            String namespace,
            String machineId,
            Credential credential,
            BooleanSupplier alive,
            Clock clock) {
        this.client = client;
        this.namespace = namespace;
        this.machineId = machineId;
        this.credential = credential;
        this.alive = alive;
        this.clock = clock;
    }

    public void start() {
        schedule(Duration.ZERO);
    }

    public Standing standing() {
        return standing;
    }

    /** When the agent's token expires; null if it cannot be read. */
    @Nullable
    Instant credentialExpires() {
        try {
            return credential.token().map(Token::expires).orElse(null);
        } catch (IOException e) {
            LOG.warn("the token could not be read: {}", e.getMessage());
            return null;
        }
    }

    private void beat() {
        Duration next = RETRY;
        try {
            if (alive.getAsBoolean()) {
                turn(renewLease());
                renewToken();
                next = EVERY;
            } else {
                LOG.error("the agent's loop does not turn any more: the host is not reported alive");
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) { // then somebody was faster, and the next try sees what is there now
                turn(e.getCode() == UNAUTHORIZED ? Standing.EXPIRED : Standing.UNKNOWN);
                LOG.debug("the Lease could not be renewed: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.warn("the Lease could not be renewed: {}", e.getMessage());
        }
        schedule(next);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // beat() handles what goes wrong in it
    private void schedule(Duration delay) {
        if (!thread.isShutdown()) {
            thread.schedule(this::beat, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void turn(Standing now) {
        if (standing == now) {
            return;
        }
        standing = now;
        switch (now) {
            case HOLDER -> LOG.info("the Lease is held");
            case UNKNOWN -> LOG.warn("{}", now.trouble());
            case RIVALLED -> LOG.error("{}: {}", now.trouble(), rival.value);
            case DUPLICATE -> LOG.error("{}: {}", now.trouble(), holder.value);
            case EXPIRED -> LOG.error("{}", now.trouble());
        }
    }

    private Standing renewLease() {
        @Nullable
        Lease lease = client.leases()
                .inNamespace(namespace)
                .withName(Names.LEASE)
                .get(); // require() loses the code of an error
        if (lease == null) {
            throw new IllegalStateException("Lease %s is gone from the cluster".formatted(Names.LEASE));
        }
        var spec = lease.getSpec();
        @Nullable String held = spec == null ? null : spec.getHolderIdentity();
        boolean own = held == null || held.isEmpty() || held.equals(machineId);
        if (!own && holder.still(held + " " + spec.getRenewTime()).compareTo(SILENCE) < 0) {
            annotate(lease, machineId + " " + clock.instant());
            client.leases().inNamespace(namespace).resource(lease).update();
            return Standing.DUPLICATE;
        }
        boolean rivalled = isRivalled(lease);
        Lease renewed = lease.edit()
                .editOrNewSpec()
                .withHolderIdentity(machineId)
                .withLeaseDurationSeconds((int) EVERY.toSeconds() * 4)
                .withRenewTime(ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .endSpec()
                .build();
        client.leases().inNamespace(namespace).resource(renewed).update();
        return rivalled ? Standing.RIVALLED : Standing.HOLDER;
    }

    /** A rival that is gone no longer changes its mark, which is then taken away. */
    private boolean isRivalled(Lease lease) {
        @Nullable
        String mark = Optional.ofNullable(lease.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(DUPLICATE))
                .orElse(null);
        if (mark == null || mark.startsWith(machineId)) {
            annotate(lease, null);
            return false;
        }
        if (rival.still(mark).compareTo(SILENCE) < 0) {
            return true;
        }
        annotate(lease, null);
        return false;
    }

    private static void annotate(Lease lease, @Nullable String mark) {
        Map<String, String> annotations = new HashMap<>(
                Optional.ofNullable(lease.getMetadata().getAnnotations()).orElse(Map.of()));
        if (mark == null) {
            annotations.remove(DUPLICATE);
        } else {
            annotations.put(DUPLICATE, mark);
        }
        lease.getMetadata().setAnnotations(annotations);
    }

    private void renewToken() {
        try {
            Optional<Token> token = credential.token();
            if (token.isPresent() && clock.instant().isAfter(token.get().halfTime())) {
                Token renewed = Clients.mint(client, namespace);
                credential.renew(renewed.text());
                LOG.info("renewed the token: {}", renewed);
            }
        } catch (IOException | KubernetesClientException e) {
            LOG.warn("the token could not be renewed, it is tried again: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
