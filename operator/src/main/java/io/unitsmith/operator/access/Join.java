package io.unitsmith.operator.access;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.operator.cluster.Cluster;
import io.unitsmith.operator.cluster.Writes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way in for a host that has not joined: a Secret with a kubeconfig whose token can only mint an agent token. It is
 * kept fresh until the agent is heard, and then deleted, which ends its tokens.
 *
 * <p>That a host has joined is written on the credential Secret, with the account that its tokens are of: who deletes
 * either of the two revokes the tokens, and opens the join again at once.
 */
public final class Join {

    /** On the credential: the uid of the ServiceAccount that has been heard with it. */
    private static final String JOINED_BY = Group.NAME + "/joined-by";

    private static final String RENEW_AT = Group.NAME + "/renew-at";
    private static final String KUBECONFIG = "kubeconfig";

    private static final long TOKEN_SECONDS = 3600;
    /** API servers take a token up to 10 s after it was revoked: until then a heartbeat may be by an old one. */
    private static final Duration REVOCATION = Duration.ofSeconds(15);

    private static final Duration POLL = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final Cluster cluster;
    private final Endpoint endpoint;
    private final Clock clock;

    /**
     * Where agents find the API server.
     *
     * @param server its URL, as hosts reach it
     * @param certificateAuthority what they trust it by, as PEM
     */
    public record Endpoint(String server, String certificateAuthority) {}

    public Join(KubernetesClient client, Cluster cluster, Endpoint endpoint, Clock clock) {
        this.client = client;
        this.cluster = cluster;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /**
     * Where a host stands.
     *
     * @param justNow whether it joined in this very moment
     * @param again when to look again; null if nothing has to be done in time
     */
    public record Standing(
            boolean joined, boolean justNow, @Nullable Duration again) {}

    /** What a host's tokens stand on: the account that they are of, and the Secret that they are bound to. */
    public record Identity(ServiceAccount account, Secret credential) {

        /** Whether the host's agent has been heard since both were made. */
        public boolean isJoined() {
            return account.getMetadata().getUid().equals(annotations(credential).get(JOINED_BY));
        }

        private Instant madeAt() {
            Instant account = Instant.parse(this.account.getMetadata().getCreationTimestamp());
            Instant credential = Instant.parse(this.credential.getMetadata().getCreationTimestamp());
            return account.isAfter(credential) ? account : credential;
        }
    }

    /** What a host's tokens stand on, if it is all there. */
    public Optional<Identity> identity(String host) {
        String namespace = Names.hostNamespace(host);
        return cluster.named(ServiceAccount.class, Names.AGENT_ACCOUNT)
                .get(namespace, Names.AGENT_ACCOUNT)
                .flatMap(account -> cluster.named(Secret.class, Names.AGENT_CREDENTIAL)
                        .get(namespace, Names.AGENT_CREDENTIAL)
                        .map(credential -> new Identity(account, credential)));
    }

    /**
     * Opens, renews or closes the join of a host.
     *
     * @param silence how long ago the last heartbeat was; null if there was none
     */
    public Standing keep(String host, Identity identity, @Nullable Duration silence) {
        @Nullable
        Secret join = cluster.named(Secret.class, Names.JOIN_SECRET)
                .get(Names.hostNamespace(host), Names.JOIN_SECRET)
                .orElse(null);
        boolean joins = !identity.isJoined() && isHeardBy(identity, silence);
        if (joins) {
            client.resource(new SecretBuilder(identity.credential())
                            .editMetadata()
                            .addToAnnotations(
                                    JOINED_BY, identity.account().getMetadata().getUid())
                            .endMetadata()
                            .build())
                    .lockResourceVersion()
                    .update();
        }
        if (joins || identity.isJoined()) {
            if (join != null) {
                client.resource(join).delete();
            }
            return new Standing(true, joins, null);
        }
        if (join == null) {
            // Empty at first: a token can be bound to it, and so ends with it, once it is there. Its event calls again.
            Writes.unlessOutdated(() -> client.resource(empty(host)).create());
            return new Standing(false, false, POLL);
        }
        Duration left = renewIfDue(host, join);
        return new Standing(false, false, silence == null || POLL.compareTo(left) > 0 ? left : POLL);
    }

    private boolean isHeardBy(Identity identity, @Nullable Duration silence) {
        return silence != null
                && clock.instant().minus(silence).isAfter(identity.madeAt().plus(REVOCATION));
    }

    private static Secret empty(String host) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Names.hostNamespace(host))
                .withName(Names.JOIN_SECRET)
                .addToLabels(Group.HOST_LABEL, host)
                .endMetadata()
                .withType("Opaque")
                .build();
    }

    private Duration renewIfDue(String host, Secret join) {
        @Nullable String renewAt = annotations(join).get(RENEW_AT);
        Instant now = clock.instant();
        if (renewAt != null && Instant.parse(renewAt).isAfter(now)) {
            return Duration.between(now, Instant.parse(renewAt));
        }
        TokenRequest token = client.serviceAccounts()
                .inNamespace(Names.hostNamespace(host))
                .withName(Names.JOIN_ACCOUNT)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .withNewBoundObjectRef()
                        .withApiVersion("v1")
                        .withKind("Secret")
                        .withName(Names.JOIN_SECRET)
                        .withUid(join.getMetadata().getUid())
                        .endBoundObjectRef()
                        .endSpec()
                        .build());
        Duration half = Duration.between(now, Instant.parse(token.getStatus().getExpirationTimestamp()))
                .dividedBy(2);
        Secret renewed = new SecretBuilder(join)
                .editMetadata()
                .addToAnnotations(RENEW_AT, now.plus(half).toString())
                .endMetadata()
                .addToData(KUBECONFIG, base64(kubeconfig(host, token.getStatus().getToken())))
                .build();
        Writes.unlessOutdated(
                () -> client.resource(renewed).lockResourceVersion().update());
        return half;
    }

    private String kubeconfig(String host, String token) {
        return client.getKubernetesSerialization()
                .asYaml(new ConfigBuilder()
                        .withApiVersion("v1")
                        .withKind("Config")
                        .addNewCluster()
                        .withName(Group.CATEGORY)
                        .withNewCluster()
                        .withServer(endpoint.server())
                        .withCertificateAuthorityData(base64(endpoint.certificateAuthority()))
                        .endCluster()
                        .endCluster()
                        .addNewUser()
                        .withName(Names.JOIN_ACCOUNT)
                        .withNewUser()
                        .withToken(token)
                        .endUser()
                        .endUser()
                        .addNewContext()
                        .withName(host)
                        .withNewContext()
                        .withCluster(Group.CATEGORY)
                        .withUser(Names.JOIN_ACCOUNT)
                        .withNamespace(Names.hostNamespace(host))
                        .endContext()
                        .endContext()
                        .withCurrentContext(host)
                        .build());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> annotations(Secret secret) {
        Map<String, String> annotations = secret.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }
}
