package io.unitsmith.agent.ceiling;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** /etc/unitsmith/agent.yaml: what the host's owner says. A key that is not there has its default. */
public final class AgentYaml {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private AgentYaml() {}

    private record Root(@Nullable Limits ceiling) {}

    private record Limits(
            @Nullable Long lowestUid,
            @Nullable Long lowestGid,
            @Nullable Set<String> forbiddenGroups,
            @Nullable List<PathPattern> forbiddenMountPaths) {}

    /**
     * The ceiling that this text sets.
     *
     * @throws InvalidAgentYaml if there is a key that is not known or a value that cannot be: a misspelt limit would be none
     */
    public static Ceiling ceiling(String text) throws InvalidAgentYaml {
        Limits limits = limits(text);
        if (limits == null) {
            return Ceiling.DEFAULT;
        }
        return new Ceiling(
                positive("ceiling.lowestUid", limits.lowestUid(), Ceiling.DEFAULT.lowestUid()),
                positive("ceiling.lowestGid", limits.lowestGid(), Ceiling.DEFAULT.lowestGid()),
                Objects.requireNonNullElse(limits.forbiddenGroups(), Ceiling.DEFAULT.forbiddenGroups()),
                Objects.requireNonNullElse(limits.forbiddenMountPaths(), Ceiling.DEFAULT.forbiddenMountPaths()));
    }

    private static @Nullable Limits limits(String text) throws InvalidAgentYaml {
        try {
            JsonNode tree = YAML.readTree(text);
            return tree.isMissingNode() || tree.isNull()
                    ? null
                    : YAML.treeToValue(tree, Root.class).ceiling();
        } catch (UnrecognizedPropertyException e) {
            throw new InvalidAgentYaml(
                    "%s is not a key; these are: %s".formatted(path(e), String.join(", ", new TreeSet<>(keys(e)))));
        } catch (JsonMappingException e) {
            throw new InvalidAgentYaml("%s: %s".formatted(path(e), e.getOriginalMessage()));
        } catch (JsonProcessingException e) {
            throw new InvalidAgentYaml("line %d: %s".formatted(e.getLocation().getLineNr(), e.getOriginalMessage()));
        }
    }

    private static long positive(String key, @Nullable Long value, long byDefault) throws InvalidAgentYaml {
        if (value != null && value < 1) {
            throw new InvalidAgentYaml("%s: %d would allow root; the least is 1".formatted(key, value));
        }
        return value == null ? byDefault : value;
    }

    private static Set<String> keys(UnrecognizedPropertyException e) {
        return e.getKnownPropertyIds().stream().map(Object::toString).collect(Collectors.toSet());
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() != null ? step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining("."))
                .replace(".[", "[");
    }
}
