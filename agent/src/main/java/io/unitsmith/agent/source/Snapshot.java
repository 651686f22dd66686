package io.unitsmith.agent.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
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
        @Nullable GenericKubernetesResource hostAgent) {}
