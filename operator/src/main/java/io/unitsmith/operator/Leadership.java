package io.unitsmith.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One replica leads; the others stand by with warm caches. */
final class Leadership {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final String LEASE = "unitsmith-operator";

    private final KubernetesClient client;
    private final String namespace;
    private final String identity;
    private final AtomicBoolean leaving = new AtomicBoolean();

    Leadership(KubernetesClient client, String namespace, String identity) {
        this.client = client;
        this.namespace = namespace;
        this.identity = identity;
    }

    LeaderElectionConfiguration configuration() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(namespace)
                .withIdentity(identity)
                .withExitOnStopLeading(false)
                .withLeaderCallbacks(new LeaderCallbacks(() -> LOG.info("Leading"), this::stopped, leader -> {}))
                .build();
    }

    /** The SDK would go on reconciling without the lease, and never compete for it again. */
    private void stopped() {
        if (!leaving.get()) {
            LOG.error("Lost the lease {}; ending this process", LEASE);
            Runtime.getRuntime().halt(1);
        }
    }

    /** From now on, losing the lease is meant. */
    void leave() {
        leaving.set(true);
    }

    /** Gives the lease back, so that another replica need not wait until it expires. */
    void release() {
        try {
            @Nullable
            Lease lease = client.leases().inNamespace(namespace).withName(LEASE).get();
            if (lease != null && identity.equals(lease.getSpec().getHolderIdentity())) {
                client.resource(new LeaseBuilder(lease)
                                .editSpec()
                                .withHolderIdentity("")
                                .withLeaseDurationSeconds(1)
                                .endSpec()
                                .build())
                        .lockResourceVersion()
                        .update();
            }
        } catch (KubernetesClientException e) {
            LOG.warn("Lease {} not released: {}", LEASE, e.getMessage());
        }
    }
}
