package io.unitsmith.api.v1alpha1;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** How things are called: names that operator and agent must both come to by themselves. */
public final class Names {

    /** The one HostAgent of a host's namespace. */
    public static final String HOST_AGENT = "agent";

    /** The heartbeat. */
    public static final String LEASE = "unitsmith-agent";

    /** The agent's ServiceAccount. */
    public static final String AGENT_ACCOUNT = "unitsmith-agent";

    /** The Secret that every agent token is bound to: deleting it revokes them all. */
    public static final String AGENT_CREDENTIAL = "unitsmith-agent-credential";

    /** The ServiceAccount that can only mint an agent token. */
    public static final String JOIN_ACCOUNT = "unitsmith-join";

    /** The Secret with the kubeconfig to join with, in its key {@code kubeconfig}. */
    public static final String JOIN_SECRET = "unitsmith-join";

    private static final String HOST_NAMESPACE_PREFIX = "unitsmith-host-";
    private static final int INSTANCE_LIMIT = 60;

    private Names() {}

    /** The namespace of a host. */
    public static String hostNamespace(String host) {
        return HOST_NAMESPACE_PREFIX + host;
    }

    /** A workload in ten hex digits, for labels and object names. */
    public static String workloadId(String kind, String namespace, String name) {
        return hash(kind + "/" + namespace + "/" + name).substring(0, 10);
    }

    /** The name of a workload's HostAssignment, the same in every host's namespace: readable, unique, at most 63 long. */
    public static String assignment(String kind, String namespace, String name) {
        String readable = (kind + "-" + namespace + "-" + name).toLowerCase(Locale.ROOT);
        return readable.substring(0, Math.min(readable.length(), 52)).replaceAll("[^a-z0-9]+$", "") + "-"
                + workloadId(kind, namespace, name);
    }

    /** The systemd instance of a pool: {@code <namespace>.<name>}; over 60 characters it is cut and gets a hash. */
    public static String instance(String namespace, String name) {
        String whole = namespace + "." + name;
        return whole.length() <= INSTANCE_LIMIT
                ? whole
                : whole.substring(0, INSTANCE_LIMIT - 11) + "-" + hash(whole).substring(0, 10);
    }

    /** The path that the web server connects to, for the pool's whole life. */
    public static String socketPath(String namespace, String name) {
        return "/run/unitsmith/fpm/" + instance(namespace, name) + ".sock";
    }

    /** SHA-256 in lower-case hex. */
    public static String hash(String text) {
        return hash(text.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-256 in lower-case hex. */
    public static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
