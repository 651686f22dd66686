package io.unitsmith.agent.source;

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
        return new Assignment(
                object.getMetadata().getName(),
                object.getMetadata().getGeneration(),
                workload,
                Boolean.TRUE.equals(spec.get("remove")),
                part(spec.get("live")),
                part(spec.get("staged")));
    }

    private static @Nullable Part part(@Nullable Object content) {
        if (content == null) {
            return null;
        }
        try {
            return new Part(STRICT.convertValue(content, Content.class), null);
        } catch (IllegalArgumentException e) {
            Map<?, ?> fields = content instanceof Map<?, ?> map ? map : Map.of();
            @Nullable Object secret = fields.get("secret");
            var unread = new Content(
                    String.valueOf(fields.get("revision")), null, null, secret == null ? null : secret.toString());
            return new Part(unread, message(e));
        }
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
