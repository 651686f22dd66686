package io.unitsmith.agent.cluster;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** Clients of the cluster. */
public final class Clients {

    private static final Duration TOKEN_LIFE = Duration.ofDays(30);
    private static final int TIMEOUT_MILLIS = 10_000;

    private Clients() {}

    /** A client that takes its token from disk at every request, so that a renewed one counts at once. */
    public static KubernetesClient of(String kubeconfig, Credential credential) {
        Config config = Config.fromKubeconfig(kubeconfig);
        config.setAutoOAuthToken(null); // it would never be read again
        config.setOauthTokenProvider(() -> {
            try {
                return credential.token().map(Token::text).orElse("");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return client(config);
    }

    /** A client with what the kubeconfig says, its token included. */
    public static KubernetesClient of(String kubeconfig) {
        return client(Config.fromKubeconfig(kubeconfig));
    }

    private static KubernetesClient client(Config config) {
        config.setConnectionTimeout(TIMEOUT_MILLIS);
        config.setRequestTimeout(TIMEOUT_MILLIS);
        config.setRequestRetryBackoffLimit(0); // whoever calls comes back by itself
        // what this version does not know of an object must not end a watch
        ObjectMapper lenient = new ObjectMapper()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new OkHttpClientFactory())
                .withKubernetesSerialization(new KubernetesSerialization(lenient, true))
                .build();
    }

    /** Has the cluster make a token for the agent, bound to the Secret whose deletion revokes it. */
    public static Token mint(KubernetesClient client, String namespace) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_LIFE.toSeconds())
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Secret")
                .withName(Names.AGENT_CREDENTIAL)
                .endBoundObjectRef()
                .endSpec()
                .build();
        TokenRequest answer = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(Names.AGENT_ACCOUNT)
                .tokenRequest(request);
        return Optional.ofNullable(answer.getStatus())
                .map(status -> new Token(status.getToken()))
                .orElseThrow(() -> new IllegalStateException("the cluster answered without a token"));
    }
}
