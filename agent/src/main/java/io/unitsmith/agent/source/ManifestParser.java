package io.unitsmith.agent.source;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.Revision;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Reads the objects in files one by one: what is wrong with one of them is no fault of the next. */
final class ManifestParser {

    private static final Map<String, Schema> SCHEMAS =
            Map.of("PhpFpmPool", Schema.of("phpfpmpools"), "RemoteMount", Schema.of("remotemounts"));
    private static final Set<String> WORKLOAD_FIELDS = Set.of("apiVersion", "kind", "metadata", "spec", "status");
    private static final Set<String> SECRET_FIELDS =
            Set.of("apiVersion", "kind", "metadata", "type", "immutable", "data", "stringData");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("(?!.{254})[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final List<String> faults = new ArrayList<>();
    private final List<ManifestDocument> documents = new ArrayList<>();

    List<String> faults() {
        return faults;
    }

    /** Those too that have a fault, if they say which object they are. */
    List<ManifestDocument> documents() {
        return documents;
    }

    void readFile(String file, String text) {
        try (MappingIterator<JsonNode> found = YAML.readerFor(JsonNode.class).readValues(text)) {
            while (found.hasNextValue()) {
                JsonNode document = found.nextValue();
                if (!document.isNull() && !document.isMissingNode()) {
                    readDocument(file, document);
                }
            }
        } catch (IOException e) {
            faults.add(file + ": " + reason(e));
        }
    }

    /** Without the line that a YAML parser likes to quote: it may be one of a Secret. */
    private static String reason(IOException e) {
        if (e.getCause() instanceof MarkedYAMLException yaml) {
            @Nullable Mark mark = yaml.getProblemMark();
            String at = mark == null ? "" : "line %d, column %d: ".formatted(mark.getLine() + 1, mark.getColumn() + 1);
            return at + yaml.getProblem();
        }
        return String.valueOf(
                e instanceof JsonProcessingException parsing ? parsing.getOriginalMessage() : e.getMessage());
    }

    private void readDocument(String file, JsonNode document) throws JsonProcessingException {
        JsonNode original = document.deepCopy();
        String kind = document.path("kind").asText();
        String apiVersion = document.path("apiVersion").asText();
        JsonNode metadata = document.path("metadata");
        var workload = new WorkloadReference(
                kind,
                metadata.path("namespace").asText("default"),
                metadata.path("name").asText(),
                metadata.path("uid").asText());
        List<String> found = new ArrayList<>(namesOf(workload));
        boolean named = found.isEmpty();
        @Nullable Content content = null;
        @Nullable Map<String, byte[]> data = null;
        @Nullable Schema schema = SCHEMAS.get(kind);
        if (schema != null && apiVersion.equals(Group.NAME + "/" + Group.VERSION)) {
            fields(document, WORKLOAD_FIELDS, found::add);
            schema.complete(document.get("spec"), found::add);
            content = found.isEmpty() ? content(workload, document.path("spec")) : null;
        } else if (kind.equals(ManifestDocument.SECRET) && apiVersion.equals("v1")) {
            fields(document, SECRET_FIELDS, found::add);
            Map<String, byte[]> read = data(document, found::add);
            data = found.isEmpty() ? read : null;
        } else {
            named = false;
            found.add("apiVersion and kind are none of %s/%s PhpFpmPool, %1$s/%2$s RemoteMount and v1 Secret"
                    .formatted(Group.NAME, Group.VERSION));
        }
        found.forEach(fault -> faults.add("%s: %s: %s".formatted(file, title(workload), fault)));
        if (named) {
            documents.add(new ManifestDocument(file, workload, original, content, data));
        }
    }

    /** The schema of a kind of workload. */
    static Schema schema(String kind) {
        return Objects.requireNonNull(SCHEMAS.get(kind), kind);
    }

    static String title(WorkloadReference workload) {
        return "%s %s/%s".formatted(workload.kind(), workload.namespace(), workload.name());
    }

    private static List<String> namesOf(WorkloadReference workload) {
        List<String> found = new ArrayList<>();
        if (!NAME.matcher(workload.name()).matches()) {
            found.add(
                    "metadata.name: \"%s\" is no name: lower-case letters, digits, - and .".formatted(workload.name()));
        }
        if (!NAMESPACE.matcher(workload.namespace()).matches()) {
            found.add("metadata.namespace: \"%s\" is no name: lower-case letters, digits and -"
                    .formatted(workload.namespace()));
        }
        return found;
    }

    private static void fields(JsonNode document, Set<String> known, Consumer<String> fault) {
        document.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                fault.accept(field + " is not a field");
            }
        });
    }

    private static Content content(WorkloadReference workload, JsonNode spec) throws JsonProcessingException {
        if (workload.kind().equals("PhpFpmPool")) {
            var pool = Revision.of(workload.name(), JSON.treeToValue(spec, PhpFpmPoolSpec.class), PhpFpmPoolSpec.class);
            return new Content(pool.name(), pool.spec(), null, secret(pool.spec()));
        }
        var mount = Revision.of(workload.name(), JSON.treeToValue(spec, RemoteMountSpec.class), RemoteMountSpec.class);
        return new Content(mount.name(), null, mount.spec(), secret(mount.spec()));
    }

    /** One name for what is in all of them. */
    private static @Nullable String secret(WorkloadSpec spec) {
        return spec.secretNames().stream().findFirst().orElse(null);
    }

    private static Map<String, byte[]> data(JsonNode secret, Consumer<String> fault) {
        Map<String, byte[]> data = new HashMap<>();
        secret.path("data").properties().forEach(entry -> {
            try {
                data.put(
                        entry.getKey(),
                        Base64.getDecoder().decode(entry.getValue().asText()));
            } catch (IllegalArgumentException e) {
                fault.accept("data." + entry.getKey() + " is not base64; stringData takes plain text");
            }
        });
        secret.path("stringData")
                .properties()
                .forEach(entry ->
                        data.put(entry.getKey(), entry.getValue().asText().getBytes(StandardCharsets.UTF_8)));
        return data;
    }
}
