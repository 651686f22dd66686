package io.unitsmith.operator.access;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.operator.cluster.Writes;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies of tenants' Secrets in host namespaces: only the keys that a workload needs, from however many, immutable, and
 * named after what is in them, so that a rotated Secret is a new copy. Tenants' Secrets are read by name, never listed or watched.
 */
public final class SecretCopies {

    /** A copy this young may belong to an assignment that is only being written. */
    private static final Duration YOUNG = Duration.ofMinutes(2);

    private static final int NAME_LIMIT = 200;

    /** Kubernetes' own limit for the data of one Secret. */
    private static final int MOST_BYTES = 1024 * 1024;

    private final KubernetesClient client;
    private final Clock clock;
    private final Map<String, Set<String>> swept = new ConcurrentHashMap<>();

    public SecretCopies(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** What a workload needs of one Secret, and the field that says so. */
    public sealed interface Need {

        String field();

        String secret();
    }

    /** Some keys, and others if they are there. */
    public record Keys(String field, String secret, List<String> required, List<String> optional) implements Need {}

    /** All keys, whichever they are. */
    public record Whole(String field, String secret) implements Need {}

    /** What came of {@link Need}s. */
    public sealed interface Outcome {}

    /** What hosts are to get; its name changes whenever the data do. */
    public record Copy(String name, Map<String, String> data) implements Outcome {}

    /** Why hosts cannot get it. */
    public record Missing(String field, Reason reason, String message) implements Outcome {}

    /** Reads what a workload needs, which becomes one copy: a key that a later one has too is taken from that. */
    public Outcome read(String namespace, String workload, List<Need> needs) {
        Map<Need, Secret> secrets = new LinkedHashMap<>();
        for (Need need : needs) {
            try {
                @Nullable
                Secret secret = client.secrets()
                        .inNamespace(namespace)
                        .withName(need.secret())
                        .get();
                if (secret == null) {
                    return new Missing(
                            need.field(),
                            Reason.SECRET_NOT_FOUND,
                            "there is no Secret \"%s\" in namespace \"%s\"; make it, with %s"
                                    .formatted(need.secret(), namespace, wish(need)));
                }
                secrets.put(need, secret);
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                    return new Missing(
                            need.field(),
                            Reason.SECRET_NOT_FOUND,
                            "the operator may not read Secrets in namespace \"%s\"; an admin has to add it to tenantNamespaces of the Helm chart"
                                    .formatted(namespace));
                }
                throw e;
            }
        }
        return copy(workload, secrets);
    }

    private static String wish(Need need) {
        return switch (need) {
            case Keys keys -> String.join(", ", keys.required());
            case Whole whole -> "a key for each variable";
        };
    }

    /**
     * One copy of all of these.
     *
     * <p>The Secrets' uids salt its name: names can be read by many, and must not help to guess a password. A pool and a mount
     * of one name and one Secret have a copy each, since one goes with its workload.
     */
    static Outcome copy(String workload, Map<Need, Secret> secrets) {
        Map<String, String> data = new TreeMap<>();
        var salt = new StringBuilder();
        for (Map.Entry<Need, Secret> entry : secrets.entrySet()) {
            Need need = entry.getKey();
            Secret secret = entry.getValue();
            Map<String, String> present = secret.getData() == null ? Map.of() : secret.getData();
            List<String> missing = missing(need, present);
            if (!missing.isEmpty()) {
                return new Missing(
                        need.field(),
                        Reason.SECRET_INVALID,
                        "Secret \"%s\" has no %s".formatted(need.secret(), String.join(" and no ", missing)));
            }
            data.putAll(needed(need, present));
            salt.append(secret.getMetadata().getUid()).append(need instanceof Whole ? "whole" : "");
        }
        String hash = Names.hash(salt.toString() + data).substring(0, 10);
        return tooLarge(secrets.keySet(), data)
                .orElseGet(() ->
                        new Copy(workload.substring(0, Math.min(workload.length(), NAME_LIMIT)) + "-" + hash, data));
    }

    private static List<String> missing(Need need, Map<String, String> present) {
        return switch (need) {
            case Whole _ -> List.of();
            case Keys keys ->
                keys.required().stream()
                        .filter(key -> present.getOrDefault(key, "").isEmpty())
                        .toList();
        };
    }

    private static Map<String, String> needed(Need need, Map<String, String> present) {
        return switch (need) {
            case Whole _ -> present;
            case Keys keys ->
                Stream.concat(keys.required().stream(), keys.optional().stream())
                        .filter(key -> !present.getOrDefault(key, "").isEmpty())
                        .collect(Collectors.toMap(key -> key, key -> Objects.requireNonNull(present.get(key))));
        };
    }

    /** Each fits into an object, and all together may not. */
    private static Optional<Outcome> tooLarge(Set<Need> needs, Map<String, String> data) {
        long bytes = data.values().stream()
                .mapToLong(value -> Base64.getDecoder().decode(value).length)
                .sum();
        return bytes <= MOST_BYTES
                ? Optional.empty()
                : Optional.of(new Missing(
                        needs.iterator().next().field(),
                        Reason.SECRET_INVALID,
                        "%s have %d bytes together; at most %d can be handed to a host"
                                .formatted(
                                        needs.stream()
                                                .map(need -> "Secret \"" + need.secret() + "\"")
                                                .collect(Collectors.joining(", ")),
                                        bytes,
                                        MOST_BYTES)));
    }

    /** Puts a copy, which no assignment refers to yet, into a host's namespace. */
    public void put(String host, String workloadId, Copy copy) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Names.hostNamespace(host))
                .withName(copy.name())
                .addToLabels(Group.HOST_LABEL, host)
                .addToLabels(Group.WORKLOAD_LABEL, workloadId)
                .endMetadata()
                .withType("Opaque")
                .withImmutable(true)
                .withData(copy.data())
                .build();
        try {
            client.resource(secret).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // One of an earlier use, which may be about to be swept: a young one is not.
            client.resource(secret).delete();
            client.resource(secret).create();
        }
    }

    /** Deletes all copies for a workload that a host has confirmed to have removed; a successor puts its own after that. */
    public void forget(String host, String workloadId) {
        client.secrets()
                .inNamespace(Names.hostNamespace(host))
                .withLabel(Group.WORKLOAD_LABEL, workloadId)
                .list()
                .getItems()
                .forEach(secret -> Writes.unlessOutdated(
                        () -> client.resource(secret).lockResourceVersion().delete()));
    }

    /**
     * Deletes the copies in a host's namespace that nothing refers to.
     *
     * @param inUse the names that assignments there or reports on them still mention
     * @return whether some are too young to judge, so that it has to be asked again
     */
    public boolean sweep(String host, Set<String> inUse) {
        if (inUse.equals(swept.get(host))) {
            return false;
        }
        List<Secret> unused = client
                .secrets()
                .inNamespace(Names.hostNamespace(host))
                .withLabel(Group.WORKLOAD_LABEL)
                .list()
                .getItems()
                .stream()
                .filter(secret -> !inUse.contains(secret.getMetadata().getName()))
                .toList();
        Instant old = clock.instant().minus(YOUNG);
        boolean allOld = true;
        for (Secret secret : unused) {
            if (Instant.parse(secret.getMetadata().getCreationTimestamp()).isBefore(old)) {
                Writes.unlessOutdated(
                        () -> client.resource(secret).lockResourceVersion().delete());
            } else {
                allOld = false;
            }
        }
        if (allOld) {
            swept.put(host, Set.copyOf(inUse));
        }
        return !allOld;
    }
}
