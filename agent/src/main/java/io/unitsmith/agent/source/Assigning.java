package io.unitsmith.agent.source;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Manifests in the form in which an operator would assign them to this host, by the same names: what is live, with the
 * Secret in a version of its own. A generation is a number that changes with all of that, so it needs no memory.
 */
public final class Assigning {

    private static final int NAME_LIMIT = 200;
    private static final String USER_LIMITS = "userLimits";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Assigning() {}

    /** The name of a workload's assignment. */
    public static String name(WorkloadReference workload) {
        return Names.assignment(workload.kind(), workload.namespace(), workload.name());
    }

    /** The assignment of a manifest, as the agent reads it. */
    public static Assignment assignment(Manifest manifest) {
        return read(object(manifest, null));
    }

    /** The assignment of a removal, as the agent reads it. */
    public static Assignment removal(WorkloadReference workload) {
        return read(object(workload, null, null, true));
    }

    private static Assignment read(GenericKubernetesResource object) {
        return DesiredState.of(new Snapshot(List.of(object), List.of(), null))
                .assignments()
                .values()
                .iterator()
                .next();
    }

    /** What these manifests ask for. */
    static Snapshot snapshot(List<Manifest> manifests) {
        return with(Snapshot.EMPTY, manifests);
    }

    /** The same with these manifests live, in place of what it has of the same workloads. */
    public static Snapshot with(Snapshot before, List<Manifest> manifests) {
        Map<String, GenericKubernetesResource> objects = byName(before.assignments());
        Map<String, Secret> secrets = new TreeMap<>();
        before.secrets().forEach(secret -> secrets.put(secret.getMetadata().getName(), secret));
        for (Manifest manifest : manifests) {
            String name = name(manifest.workload());
            objects.put(name, object(manifest, objects.get(name)));
            @Nullable Secret secret = secret(manifest);
            if (secret != null) {
                secrets.put(secret.getMetadata().getName(), secret);
            }
        }
        return new Snapshot(List.copyOf(objects.values()), List.copyOf(secrets.values()), before.hostAgent());
    }

    /** The same with these workloads to be removed, whatever it says of them. */
    static Snapshot without(Snapshot before, Collection<WorkloadReference> removals) {
        Map<String, GenericKubernetesResource> objects = byName(before.assignments());
        removals.forEach(workload -> objects.put(name(workload), object(workload, null, null, true)));
        Set<String> kept = objects.values().stream()
                .flatMap(object -> Snapshot.secretsOf(object).stream())
                .collect(Collectors.toSet());
        List<Secret> secrets = before.secrets().stream()
                .filter(secret -> kept.contains(secret.getMetadata().getName()))
                .toList();
        return new Snapshot(List.copyOf(objects.values()), secrets, before.hostAgent());
    }

    private static Map<String, GenericKubernetesResource> byName(List<GenericKubernetesResource> objects) {
        Map<String, GenericKubernetesResource> byName = new TreeMap<>();
        objects.forEach(object -> byName.put(object.getMetadata().getName(), object));
        return byName;
    }

    /** Without its Secret a manifest has the one that the host has already. */
    private static GenericKubernetesResource object(Manifest manifest, @Nullable GenericKubernetesResource before) {
        Content content = manifest.content();
        @Nullable String name = content.secret();
        @Nullable Secret secret = secret(manifest);
        if (secret != null) {
            name = secret.getMetadata().getName();
        } else if (name != null && before != null) {
            name = Snapshot.secretsOf(before).stream().findFirst().orElse(name);
        }
        var live = new Content(content.revision(), content.phpFpmPool(), content.remoteMount(), name);
        return object(manifest.workload(), live, before, false);
    }

    private static GenericKubernetesResource object(
            WorkloadReference workload,
            @Nullable Content live,
            @Nullable GenericKubernetesResource before,
            boolean remove) {
        Map<String, Object> spec = JSON.convertValue(
                new HostAssignmentSpec(workload, live, null, null, remove),
                new TypeReference<Map<String, Object>>() {});
        // no manifest says anything of them
        if (before != null
                && before.getAdditionalProperties().get("spec") instanceof Map<?, ?> present
                && present.get(USER_LIMITS) instanceof Map<?, ?> limits) {
            spec.put(USER_LIMITS, limits);
        }
        var object = new GenericKubernetesResource();
        object.setKind("HostAssignment");
        object.setMetadata(new ObjectMetaBuilder()
                .withName(name(workload))
                .withGeneration(generation(spec))
                .build());
        object.setAdditionalProperty("spec", spec);
        return object;
    }

    private static long generation(Map<String, Object> spec) {
        return Long.parseLong(Names.hash(JSON.valueToTree(spec).toString()).substring(0, 8), 16);
    }

    /** Named after its content, as the operator's copies are: another content is another Secret. */
    private static @Nullable Secret secret(Manifest manifest) {
        @Nullable String name = manifest.content().secret();
        @Nullable Map<String, byte[]> data = manifest.secret();
        if (name == null || data == null) {
            return null;
        }
        Map<String, String> encoded = new TreeMap<>();
        data.forEach((key, value) -> encoded.put(key, Base64.getEncoder().encodeToString(value)));
        String hash = Names.hash(manifest.workload().namespace() + "/" + name + encoded);
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name.substring(0, Math.min(name.length(), NAME_LIMIT)) + "-" + hash.substring(0, 10))
                .endMetadata()
                .withData(encoded)
                .build();
    }
}
