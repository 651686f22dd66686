package io.unitsmith.agent.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;

/** The kubeconfig to join with: where the cluster is, the host's namespace, and a token that can only mint another. */
public record JoinFile(String text, String server, String namespace) {

    /**
     * Reads a kubeconfig.
     *
     * @throws IOException if something is missing in it
     */
    public static JoinFile parse(String text) throws IOException {
        Config config;
        try {
            config = Config.fromKubeconfig(text);
        } catch (RuntimeException e) {
            throw new IOException("this is no kubeconfig: " + e.getMessage(), e);
        }
        if (config.getNamespace() == null || config.getAutoOAuthToken() == null) {
            throw new IOException(
                    "this is no kubeconfig to join with: its current context needs a namespace and a token");
        }
        return new JoinFile(text, config.getMasterUrl(), config.getNamespace());
    }

    /** The same without users: what the agent keeps. */
    public String withoutToken() {
        var kubeconfig = Serialization.unmarshal(text, io.fabric8.kubernetes.api.model.Config.class);
        kubeconfig.getUsers().forEach(user -> user.setUser(new AuthInfo()));
        return Serialization.asYaml(kubeconfig);
    }

    /** Without the token, so that it cannot get into a log. */
    @Override
    public String toString() {
        return namespace + " of " + server;
    }
}
