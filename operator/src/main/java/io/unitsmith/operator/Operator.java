package io.unitsmith.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.ResolvedControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import io.unitsmith.api.v1alpha1.WorkloadStatus;
import io.unitsmith.operator.access.Join;
import io.unitsmith.operator.access.SecretCopies;
import io.unitsmith.operator.cluster.Clients;
import io.unitsmith.operator.cluster.Cluster;
import io.unitsmith.operator.cluster.EventRecorder;
import io.unitsmith.operator.host.Heartbeats;
import io.unitsmith.operator.host.HostNamespace;
import io.unitsmith.operator.host.HostReconciler;
import io.unitsmith.operator.workload.Kind;
import io.unitsmith.operator.workload.PhpFpmPools;
import io.unitsmith.operator.workload.RemoteMounts;
import io.unitsmith.operator.workload.WorkloadReconciler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's process: puts the parts together, starts them, and ends them in order. */
public final class Operator {

    private static final Logger LOG = LoggerFactory.getLogger(Operator.class);

    /** Every kind of workload there is. */
    private static final List<Kind<?, ?, ?>> KINDS = List.of(new PhpFpmPools(), new RemoteMounts());

    /** Agents renew every 10 s: this is four renewals that never came. */
    private static final Duration GRACE = Duration.ofSeconds(40);

    private static final Duration HEARTBEAT_CHECK = Duration.ofSeconds(2);
    private static final int RECONCILIATION_THREADS = 10;

    private final KubernetesClient client = Clients.create();
    private final Cluster cluster = new Cluster(client);
    private final Heartbeats heartbeats = new Heartbeats(System::nanoTime, GRACE);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Leadership leadership;
    private final io.javaoperatorsdk.operator.Operator controllers;
    private final HostReconciler hosts;
    private final List<WorkloadReconciler<?, ?, ?>> workloads;
    private volatile boolean started;

    private Operator(Settings settings) {
        Clock clock = Clock.systemUTC();
        leadership = new Leadership(client, settings.account().namespace(), settings.pod());
        controllers = new io.javaoperatorsdk.operator.Operator(configuration -> configuration
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(RECONCILIATION_THREADS)
                .withLeaderElectionConfiguration(leadership.configuration()));
        SecretCopies copies = new SecretCopies(client, clock);
        EventRecorder events = new EventRecorder(client, settings.pod(), clock);
        Join.Endpoint endpoint =
                new Join.Endpoint(settings.agentServer(), Clients.certificateAuthority(client.getConfiguration()));
        hosts = new HostReconciler(
                client,
                cluster,
                heartbeats,
                new HostNamespace(client, cluster, settings.account()),
                new Join(client, cluster, endpoint, clock),
                copies,
                events,
                clock);
        register(hosts, Host.class);
        workloads = KINDS.stream()
                .<WorkloadReconciler<?, ?, ?>>map(kind -> register(kind, copies, events, clock))
                .toList();
    }

    private <R extends CustomResource<S, T>, S extends WorkloadSpec, T extends WorkloadStatus>
            WorkloadReconciler<R, S, T> register(
                    Kind<R, S, T> kind, SecretCopies copies, EventRecorder events, Clock clock) {
        WorkloadReconciler<R, S, T> reconciler =
                new WorkloadReconciler<>(kind, client, cluster, heartbeats, copies, events, clock);
        register(reconciler, kind.type());
        return reconciler;
    }

    private <R extends HasMetadata> void register(Reconciler<R> reconciler, Class<R> type) {
        controllers.register(
                reconciler,
                new ResolvedControllerConfiguration<>(
                        HasMetadata.getSingular(type),
                        true,
                        reconciler.getClass().getName(),
                        new GenericRetry()
                                .setInitialInterval(Duration.ofSeconds(1))
                                .setIntervalMultiplier(2)
                                .setMaxInterval(Duration.ofSeconds(30).toMillis())
                                .withoutMaxAttempts(),
                        null,
                        Duration.ofHours(1),
                        Group.FINALIZER,
                        null,
                        "unitsmith-operator",
                        controllers.getConfigurationService(),
                        InformerConfiguration.builder(type).buildForController(),
                        false,
                        null));
    }

    private void start() {
        cluster.named(Lease.class, Names.LEASE).onChange(change -> {
            @Nullable Lease lease = change.after();
            if (lease != null) {
                Cluster.hostOf(lease).ifPresent(host -> heartbeats.observe(host, renewTime(lease)));
            }
        });
        cluster.start();
        controllers.start();
        var _ = timer.scheduleWithFixedDelay(this::tellPresence, 0, HEARTBEAT_CHECK.toMillis(), TimeUnit.MILLISECONDS);
        started = true;
    }

    private static @Nullable Instant renewTime(Lease lease) {
        return Optional.ofNullable(lease.getSpec())
                .map(spec -> spec.getRenewTime())
                .map(ZonedDateTime::toInstant)
                .orElse(null);
    }

    private void tellPresence() {
        try {
            for (String host : heartbeats.changes()) {
                LOG.info("Host {}: {}", host, heartbeats.of(host));
                hosts.wake(host);
                workloads.forEach(workload -> workload.wakeAllOn(host));
            }
        } catch (RuntimeException e) {
            LOG.error("Heartbeats not told; trying again", e);
        }
    }

    private boolean isReady() {
        return started && cluster.hasSynced();
    }

    private void stop() {
        leadership.leave();
        timer.shutdownNow();
        controllers.stop();
        leadership.release();
        cluster.close();
        client.close();
    }

    /** Runs until it is told to end, or loses the leadership. */
    public static void main(String[] arguments) throws IOException {
        Operator operator = new Operator(Settings.of(System.getenv()));
        new HealthServer(operator::isReady);
        operator.start();
        Runtime.getRuntime().addShutdownHook(new Thread(operator::stop, "shutdown"));
    }
}
