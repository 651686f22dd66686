package io.unitsmith.operator.access;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.operator.cluster.Cluster;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The way in for a host that has not joined: a Secret with a kubeconfig whose token can only mint an agent token. It is
 * kept fresh until the agent is heard, and then deleted, which ends its tokens.
 *
 * <p>That a host has joined is written on the credential Secret, which its tokens are bound to: who deletes that Secret
 * revokes the tokens and opens the join again at once.
 */
public final class Join {

    static final String JOINED = Group.NAME + "/joined";
    static final String RENEW_AT = Group.NAME + "/renew-at";
    static final String KUBECONFIG = "kubeconfig";

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

    /**
     * Opens, renews or closes the join of a host.
     *
     * @param credential the Secret that the host's tokens are bound to
     * @param silence how long ago the last heartbeat was; null if there was none
     */
    public Standing keep(String host, Secret credential, @Nullable Duration silence) {
        @Nullable
        Secret join = cluster.named(Secret.class, Names.JOIN_SECRET)
                .get(Names.hostNamespace(host), Names.JOIN_SECRET)
                .orElse(null);
        boolean wasJoined = isJoined(credential);
        boolean joins = !wasJoined && isHeardBy(credential, silence);
        if (joins) {
            client.resource(new SecretBuilder(credential)
                            .editMetadata()
                            .addToAnnotations(JOINED, clock.instant().toString())
                            .endMetadata()
                            .build())
                    .update();
        }
        if (wasJoined || joins) {
            if (join != null) {
                client.resource(join).delete();
            }
            return new Standing(true, joins, null);
        }
        Duration left = renewIfDue(host, join == null ? create(host) : join);
        return new Standing(false, false, silence == null || POLL.compareTo(left) > 0 ? left : POLL);
    }

    /** Whether a host's agent has been heard since this credential was made. */
    public static boolean isJoined(Secret credential) {
        return annotations(credential).containsKey(JOINED);
    }

    private boolean isHeardBy(Secret credential, @Nullable Duration silence) {
        return silence != null
                && clock.instant()
                        .minus(silence)
                        .isAfter(Instant.parse(credential.getMetadata().getCreationTimestamp())
                                .plus(REVOCATION));
    }

    private Secret create(String host) {
        // Empty at first: a token can be bound to it, and so ends with it, once it is there.
        return client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(Names.hostNamespace(host))
                        .withName(Names.JOIN_SECRET)
                        .addToLabels(Group.HOST_LABEL, host)
                        .endMetadata()
                        .withType("Opaque")
                        .build())
                .create();
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
        client.resource(new SecretBuilder(join)
                        .editMetadata()
                        .addToAnnotations(RENEW_AT, now.plus(half).toString())
                        .endMetadata()
                        .addToData(
                                KUBECONFIG,
                                base64(kubeconfig(host, token.getStatus().getToken())))
                        .build())
                .update();
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
