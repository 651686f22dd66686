package io.unitsmith.agent.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The schema of a kind's spec, as its CRD has it: what the API server does to an object before it stores it, except for
 * CEL rules.
 */
final class Schema {

    private final JSONSchemaProps spec;

    private Schema(JSONSchemaProps spec) {
        this.spec = spec;
    }

    /** The schema from the CRD of this plural name. */
    static Schema of(String plural) {
        String resource = "/io/unitsmith/crds/" + plural + ".yaml";
        CustomResourceDefinition crd = Serialization.unmarshal(
                Objects.requireNonNull(Schema.class.getResourceAsStream(resource), resource),
                CustomResourceDefinition.class);
        var versions = crd.getSpec().getVersions();
        var root = versions.getFirst().getSchema().getOpenAPIV3Schema();
        return new Schema(Objects.requireNonNull(root.getProperties().get("spec")));
    }

    /** Fills in defaults, and tells of everything in the spec that the schema does not allow. */
    void complete(@Nullable JsonNode value, Consumer<String> fault) {
        if (value == null) {
            fault.accept("spec is missing");
        } else {
            visit("spec", spec, value, fault);
        }
    }

    /** Takes out what {@link #complete} would fill in. */
    void abridge(ObjectNode value) {
        abridge(spec, value);
    }

    private static void abridge(JSONSchemaProps schema, ObjectNode value) {
        schema.getProperties().forEach((name, property) -> {
            if (value.get(name) instanceof ObjectNode child) {
                abridge(property, child);
            }
            if (property.getDefault() != null && property.getDefault().equals(value.get(name))) {
                value.remove(name);
            }
        });
    }

    private static void visit(String path, JSONSchemaProps schema, JsonNode value, Consumer<String> fault) {
        String type = schema.getType();
        if (type.equals("object") && value instanceof ObjectNode object) {
            visitObject(path, schema, object, fault);
        } else if (type.equals("array") && value instanceof ArrayNode array) {
            visitArray(path, schema, array, fault);
        } else if (type.equals("string") && value.isTextual()) {
            visitString(path, schema, value.textValue(), fault);
        } else if (type.equals("integer") && value.isIntegralNumber()) {
            visitInteger(path, schema, value, fault);
        } else if (!(type.equals("boolean") && value.isBoolean())) {
            String hint = type.equals("string") && value.isValueNode() ? ": put it in quotes" : "";
            fault.accept("%s: %s is not of type %s%s".formatted(path, value, type, hint));
        }
    }

    private static void visitObject(String path, JSONSchemaProps schema, ObjectNode object, Consumer<String> fault) {
        // As for the API server, null is absent.
        object.properties().removeIf(property -> property.getValue().isNull());
        schema.getProperties().forEach((name, property) -> {
            if (property.getDefault() != null && !object.has(name)) {
                object.set(name, property.getDefault().deepCopy());
            }
        });
        for (String name : schema.getRequired()) {
            if (!object.has(name)) {
                fault.accept(path + "." + name + " is missing");
            }
        }
        boolean isMap = schema.getAdditionalProperties() != null;
        if (isMap && exceeds(object.size(), schema.getMaxProperties())) {
            fault.accept("%s: %d entries; at most %d are possible"
                    .formatted(path, object.size(), schema.getMaxProperties()));
        }
        object.properties().forEach(property -> {
            String child = path + "." + property.getKey();
            JSONSchemaProps of = isMap
                    ? schema.getAdditionalProperties().getSchema()
                    : schema.getProperties().get(property.getKey());
            if (of == null) {
                fault.accept("%s is not a field; %s has %s"
                        .formatted(
                                child,
                                path,
                                String.join(", ", schema.getProperties().keySet())));
            } else {
                visit(child, of, property.getValue(), fault);
            }
        });
    }

    private static void visitArray(String path, JSONSchemaProps schema, ArrayNode array, Consumer<String> fault) {
        if (exceeds(array.size(), schema.getMaxItems()) || fallsShort(array.size(), schema.getMinItems())) {
            fault.accept("%s: %d items; %s are possible"
                    .formatted(path, array.size(), range(schema.getMinItems(), schema.getMaxItems())));
        }
        for (int i = 0; i < array.size(); i++) {
            visit(path + "[" + i + "]", schema.getItems().getSchema(), array.get(i), fault);
        }
    }

    private static void visitString(String path, JSONSchemaProps schema, String text, Consumer<String> fault) {
        List<JsonNode> words = schema.getEnum();
        if (!words.isEmpty()
                && words.stream().noneMatch(word -> word.textValue().equals(text))) {
            fault.accept("%s: \"%s\" is none of %s"
                    .formatted(
                            path,
                            text,
                            String.join(
                                    ", ",
                                    words.stream().map(JsonNode::textValue).toList())));
        }
        int length = text.codePointCount(0, text.length());
        if (exceeds(length, schema.getMaxLength()) || fallsShort(length, schema.getMinLength())) {
            fault.accept("%s: %d characters; %s are possible"
                    .formatted(path, length, range(schema.getMinLength(), schema.getMaxLength())));
        } else if (schema.getPattern() != null
                && !Pattern.compile(schema.getPattern()).matcher(text).find()) {
            fault.accept("%s: \"%s\" does not match %s".formatted(path, text, schema.getPattern()));
        }
    }

    private static void visitInteger(String path, JSONSchemaProps schema, JsonNode value, Consumer<String> fault) {
        double number = value.doubleValue();
        if ((schema.getMaximum() != null && number > schema.getMaximum())
                || (schema.getMinimum() != null && number < schema.getMinimum())) {
            fault.accept("%s: %s is not in the range from %.0f to %.0f"
                    .formatted(path, value, schema.getMinimum(), schema.getMaximum()));
        }
    }

    private static boolean exceeds(int actual, @Nullable Long maximum) {
        return maximum != null && actual > maximum;
    }

    private static boolean fallsShort(int actual, @Nullable Long minimum) {
        return minimum != null && actual < minimum;
    }

    private static String range(@Nullable Long minimum, @Nullable Long maximum) {
        return (minimum == null ? 0 : minimum) + " to " + maximum;
    }
}
