package io.unitsmith.agent.source;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.unitsmith.agent.source.Assignment.Part;
import io.unitsmith.api.v1alpha1.HostAgentSpec;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Unread;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host is to be, at one moment.
 *
 * @param assignments by name
 * @param secrets by name
 * @param phpPaths PHP-FPM binaries that the Host names
 */
public record DesiredState(
        Map<String, Assignment> assignments, Map<String, Map<String, byte[]>> secrets, Map<String, String> phpPaths) {

    private static final Logger LOG = LoggerFactory.getLogger(DesiredState.class);

    public static final DesiredState NOTHING = new DesiredState(Map.of(), Map.of(), Map.of());

    /** Strict: a field or a word that a newer operator has written must not be passed over. */
    private static final ObjectMapper STRICT =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final ObjectMapper LENIENT =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** The assignments that are to be taken off the host. */
    public Set<String> removals() {
        return assignments.values().stream()
                .filter(Assignment::remove)
                .map(Assignment::name)
                .collect(Collectors.toSet());
    }

    /** What all pools of a user may use together, by user: where assignments differ the lower bound. */
    public Map<String, UserLimits> userLimits() {
        Map<String, UserLimits> limits = new TreeMap<>();
        assignments.values().stream()
                .filter(assignment -> !assignment.remove())
                .forEach(assignment -> assignment
                        .userLimits()
                        .forEach((user, bounds) -> limits.merge(user, bounds, UserLimits::strictest)));
        return limits;
    }

    /** Reads the objects. One that does not even say what it is of is left out, as if it were not there: that removes nothing. */
    public static DesiredState of(Snapshot snapshot) {
        Map<String, Assignment> assignments = new TreeMap<>();
        for (GenericKubernetesResource object : snapshot.assignments()) {
            String name = object.getMetadata().getName();
            try {
                assignments.put(name, assignment(object));
            } catch (IllegalArgumentException e) {
                LOG.warn("HostAssignment {} cannot be read: {}", name, message(e));
            }
        }
        Map<String, Map<String, byte[]>> secrets = new HashMap<>();
        snapshot.secrets().forEach(secret -> secrets.put(secret.getMetadata().getName(), data(secret)));
        return new DesiredState(assignments, secrets, phpPaths(snapshot.hostAgent()));
    }

    private static Assignment assignment(GenericKubernetesResource object) {
        if (!(object.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec)) {
            throw new IllegalArgumentException("it has no spec");
        }
        WorkloadReference workload = LENIENT.convertValue(spec.get("workload"), WorkloadReference.class);
        List<String> unread = Unread.in("spec.workload", workload);
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException(String.join(", ", unread));
        }
        Limits limits = limits(spec.get("userLimits"));
        return new Assignment(
                object.getMetadata().getName(),
                object.getMetadata().getGeneration(),
                workload,
                Boolean.TRUE.equals(spec.get("remove")),
                part(spec.get("live"), limits.fault()),
                part(spec.get("staged"), limits.fault()),
                limits.byUser());
    }

    /** Limits that cannot be read bound nobody: so nothing new comes into force that they are for. */
    private record Limits(
            Map<String, UserLimits> byUser, @Nullable String fault) {}

    private static Limits limits(@Nullable Object byUser) {
        if (byUser == null) {
            return new Limits(Map.of(), null);
        }
        try {
            Map<String, UserLimits> limits = STRICT.convertValue(byUser, new TypeReference<>() {});
            @Nullable String fault = fault(limits);
            return new Limits(fault == null ? limits : Map.of(), fault);
        } catch (IllegalArgumentException e) {
            return new Limits(Map.of(), "userLimits." + message(e));
        }
    }

    private static @Nullable String fault(Map<String, UserLimits> limits) {
        List<String> unread = Unread.in("userLimits", limits);
        if (!unread.isEmpty()) {
            return unread.getFirst() + ": it is null";
        }
        return limits.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().fault().stream().map(fault -> "userLimits." + entry.getKey() + "." + fault))
                .findFirst()
                .orElse(null);
    }

    /** @param fault of something else that it needs */
    private static @Nullable Part part(@Nullable Object content, @Nullable String fault) {
        if (content == null) {
            return null;
        }
        if (fault != null) {
            return unread(content, fault);
        }
        try {
            return new Part(STRICT.convertValue(content, Content.class), null);
        } catch (IllegalArgumentException e) {
            return unread(content, message(e));
        }
    }

    private static Part unread(Object content, String fault) {
        Map<?, ?> fields = content instanceof Map<?, ?> map ? map : Map.of();
        @Nullable Object secret = fields.get("secret");
        String revision = String.valueOf(fields.get("revision"));
        return new Part(new Content(revision, null, null, secret == null ? null : secret.toString()), fault);
    }

    private static String message(IllegalArgumentException e) {
        if (!(e.getCause() instanceof JsonMappingException mapping)) {
            return String.valueOf(e.getMessage());
        }
        List<String> path = new ArrayList<>();
        mapping.getPath().forEach(step -> path.add(String.valueOf(step.getFieldName())));
        return String.join(".", path) + ": " + mapping.getOriginalMessage();
    }

    private static Map<String, byte[]> data(Secret secret) {
        Map<String, byte[]> data = new HashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        }
        return data;
    }

    private static Map<String, String> phpPaths(@Nullable GenericKubernetesResource hostAgent) {
        if (hostAgent == null || hostAgent.getAdditionalProperties().get("spec") == null) {
            return Map.of();
        }
        return LENIENT.convertValue(hostAgent.getAdditionalProperties().get("spec"), HostAgentSpec.class)
                .phpPaths();
    }
}
