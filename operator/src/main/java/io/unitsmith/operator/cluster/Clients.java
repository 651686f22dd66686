package io.unitsmith.operator.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Makes the one client of this process. */
public final class Clients {

    /** Below the leader's lease, so that a hung request of an old leader ends before a new one leads for long. */
    private static final int REQUEST_TIMEOUT_MILLIS = 8_000;

    private Clients() {}

    /**
     * A client of the cluster that this runs in, or that the kubeconfig names. It reads leniently: what a newer version
     * wrote comes out as null and is refused by itself, instead of stopping every informer.
     */
    public static KubernetesClient create() {
        Config config = new ConfigBuilder()
                .withRequestTimeout(REQUEST_TIMEOUT_MILLIS)
                .withConnectionTimeout(REQUEST_TIMEOUT_MILLIS)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization())
                .build();
    }

    static KubernetesSerialization serialization() {
        return new KubernetesSerialization(
                new ObjectMapper()
                        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                        .configure(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL, true)
                        .addMixIn(ObjectMeta.class, WithoutManagedFields.class),
                true);
    }

    /** The certificates, as PEM, that the client trusts the API server by. */
    public static String certificateAuthority(Config config) {
        String data = config.getCaCertData();
        if (data != null) {
            return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
        }
        try {
            return Files.readString(Path.of(config.getCaCertFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** They are two thirds of a small object's memory, and nobody here reads them. */
    @JsonIgnoreProperties("managedFields")
    private abstract static class WithoutManagedFields {}
}
