package io.unitsmith.agent.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The objects as they came: also those that this version cannot read, which a newer one of the agent will find on disk.
 *
 * @param secrets those that assignments name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Snapshot(
        List<GenericKubernetesResource> assignments,
        List<Secret> secrets,
        @Nullable GenericKubernetesResource hostAgent) {

    public static final Snapshot EMPTY = new Snapshot(List.of(), List.of(), null);

    /** The Secrets that an assignment names. */
    static Set<String> secretsOf(GenericKubernetesResource assignment) {
        Set<String> named = new TreeSet<>();
        if (assignment.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec) {
            for (String revision : List.of("live", "staged")) {
                if (spec.get(revision) instanceof Map<?, ?> content && content.get("secret") instanceof String name) {
                    named.add(name);
                }
            }
        }
        return named;
    }
}
