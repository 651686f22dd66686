package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The committed CRDs are what the records say. {@code make format} writes them anew. */
class CrdYamlTest {

    private static final Path BESIDE_THE_TYPES = Path.of(".");
    private static final Path IN_THE_CHART = Path.of("../helm/unitsmith/files/crds");
    private static final int SIZE_LIMIT = 200 * 1024;

    @Test
    void committedYamlIsWhatTheRecordsSay() throws IOException {
        for (Map.Entry<String, CustomResourceDefinition> crd :
                CrdSchema.generate().entrySet()) {
            String yaml = "# Generated from the records in src/main/java by `make format`.\n"
                    + Serialization.asYaml(crd.getValue()).replaceFirst("^---\n", "");
            for (Path folder : List.of(BESIDE_THE_TYPES, IN_THE_CHART)) {
                Path file = folder.resolve(crd.getKey() + ".yaml");
                if (Boolean.getBoolean("unitsmith.write")) {
                    Files.createDirectories(folder);
                    Files.writeString(file, yaml);
                }
                assertThat(file).as("run `make format` and commit").content().isEqualTo(yaml);
            }
            assertThat(yaml.length()).as(crd.getKey()).isLessThan(SIZE_LIMIT);
        }
    }

    @Test
    void everyFieldIsDescribedAndBounded() {
        CrdSchema.generate().forEach((plural, crd) -> {
            JSONSchemaProps root =
                    crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
            List<String> faults = new ArrayList<>();
            for (String half : List.of("spec", "status")) {
                if (root.getProperties().containsKey(half)) {
                    faults(half, root.getProperties().get(half), faults);
                }
            }
            assertThat(faults).as(plural).isEmpty();
        });
    }

    private static void faults(String path, JSONSchemaProps schema, List<String> faults) {
        boolean embedded = path.matches("spec\\.(live|staged)\\.(phpFpmPool|remoteMount).*");
        boolean item = path.endsWith("[]") || path.endsWith("{}");
        if (schema.getDescription() == null && !embedded && !item) {
            faults.add(path + " has no description");
        }
        if ("string".equals(schema.getType()) && schema.getMaxLength() == null && schema.getEnum() == null) {
            faults.add(path + " has no maximum length");
        }
        if ("array".equals(schema.getType()) && schema.getMaxItems() == null) {
            faults.add(path + " has no maximum number of items");
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> faults(path + "." + name, property, faults));
        }
        if (schema.getItems() != null) {
            faults(path + "[]", schema.getItems().getSchema(), faults);
        }
        if (schema.getAdditionalProperties() != null) {
            if (schema.getMaxProperties() == null) {
                faults.add(path + " has no maximum number of entries");
            }
            faults(path + "{}", schema.getAdditionalProperties().getSchema(), faults);
        }
    }
}
