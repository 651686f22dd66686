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
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads manifests as users write them, without an API server: the same YAML, several documents a file, Secrets included.
 * Strict as the API server is: defaults are those of the CRDs, and what a schema does not allow is refused. CEL rules are
 * not evaluated.
 */
public final class Manifests {

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
    private final List<Manifest> workloads = new ArrayList<>();
    private final Map<String, Map<String, byte[]>> secrets = new HashMap<>();

    private Manifests() {}

    /**
     * A workload from a manifest.
     *
     * @param secret the data of the Secret that the spec names; null if it names none or none of that name was read
     */
    public record Manifest(
            WorkloadReference workload,
            Content content,
            @Nullable Map<String, byte[]> secret) {}

    /**
     * Reads files together: a workload finds its Secret in any of them.
     *
     * @param files name to text
     * @throws InvalidManifests with every fault there is
     */
    public static List<Manifest> read(Map<String, String> files) throws InvalidManifests {
        var manifests = new Manifests();
        files.forEach(manifests::readFile);
        if (!manifests.faults.isEmpty()) {
            throw new InvalidManifests(manifests.faults);
        }
        return manifests.workloads.stream().map(manifests::withSecret).toList();
    }

    private void readFile(String file, String text) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNextValue()) {
                JsonNode document = documents.nextValue();
                if (!document.isNull() && !document.isMissingNode()) {
                    readDocument(file, document);
                }
            }
        } catch (IOException e) {
            String reason =
                    e instanceof JsonProcessingException parsing ? parsing.getOriginalMessage() : e.getMessage();
            faults.add(file + ": " + reason);
        }
    }

    private void readDocument(String file, JsonNode document) throws JsonProcessingException {
        String kind = document.path("kind").asText();
        String apiVersion = document.path("apiVersion").asText();
        JsonNode metadata = document.path("metadata");
        String namespace = metadata.path("namespace").asText("default");
        String name = metadata.path("name").asText();
        List<String> found = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            found.add("metadata.name: \"%s\" is no name: lower-case letters, digits, - and .".formatted(name));
        }
        if (!NAMESPACE.matcher(namespace).matches()) {
            found.add("metadata.namespace: \"%s\" is no name: lower-case letters, digits and -".formatted(namespace));
        }
        @Nullable Schema schema = SCHEMAS.get(kind);
        if (schema != null && apiVersion.equals(Group.NAME + "/" + Group.VERSION)) {
            fields(document, WORKLOAD_FIELDS, found::add);
            schema.complete(document.get("spec"), found::add);
            if (found.isEmpty()) {
                String uid = metadata.path("uid").asText();
                var workload = new WorkloadReference(kind, namespace, name, uid);
                workloads.add(new Manifest(workload, content(workload, document.path("spec")), null));
            }
        } else if (kind.equals("Secret") && apiVersion.equals("v1")) {
            fields(document, SECRET_FIELDS, found::add);
            secrets.put(namespace + "/" + name, data(document, found::add));
        } else {
            found.add("apiVersion and kind are none of %s/%s PhpFpmPool, %1$s/%2$s RemoteMount and v1 Secret"
                    .formatted(Group.NAME, Group.VERSION));
        }
        found.forEach(fault -> faults.add("%s: %s %s/%s: %s".formatted(file, kind, namespace, name, fault)));
    }

    private static void fields(JsonNode document, Set<String> known, Consumer<String> fault) {
        document.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                fault.accept(field + " is not a field");
            }
        });
    }

    private static Content content(WorkloadReference workload, JsonNode spec) throws JsonProcessingException {
        String revision = workload.name() + "-" + Names.hash(spec.toString()).substring(0, 10);
        if (workload.kind().equals("PhpFpmPool")) {
            return new Content(revision, JSON.treeToValue(spec, PhpFpmPoolSpec.class), null, null);
        }
        RemoteMountSpec mount = JSON.treeToValue(spec, RemoteMountSpec.class);
        @Nullable
        String secret = mount.credentials() == null
                ? null
                : mount.credentials().secretRef().name();
        return new Content(revision, null, mount, secret);
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

    private Manifest withSecret(Manifest manifest) {
        String name = manifest.workload().namespace() + "/" + manifest.content().secret();
        return new Manifest(manifest.workload(), manifest.content(), secrets.get(name));
    }
}
