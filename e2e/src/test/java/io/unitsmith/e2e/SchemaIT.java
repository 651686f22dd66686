package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.Cluster;
import io.unitsmith.testbed.TestbedExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the API server accepts, and what it says of what it refuses. A case is a file, {@code schema/<kind>/valid} or
 * {@code .../invalid/<what is the rule>.yaml}; an invalid one begins with the message, {@code # expected: …}. Of several
 * documents, the last is the case, and those before it are there already.
 */
@ExtendWith(TestbedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaIT {

    private static final Path CASES = Path.of("src/test/resources/schema");
    private static final Pattern EXPECTED = Pattern.compile("\\A# expected: (.+)\n");
    private static final String NAMESPACE = "schema-cases";

    private final KubernetesClient client;

    SchemaIT(Cluster cluster) {
        Chart.applyWithoutOperator(cluster);
        cluster.apply("{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(NAMESPACE));
        client = cluster.client();
    }

    @AfterAll
    void cleanUp() {
        client.namespaces().withName(NAMESPACE).delete();
    }

    static Stream<Path> cases() throws IOException {
        try (Stream<Path> files = Files.walk(CASES)) {
            return files.filter(Files::isRegularFile).map(CASES::relativize).sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theApiServerAnswersAsTheCaseExpects(Path name) throws IOException {
        assertThat(name.toString()).matches("[a-z]+/(valid|invalid)/[a-zA-Z0-9-]+[.]yaml");
        String text = Files.readString(CASES.resolve(name));
        List<NamespaceableResource<GenericKubernetesResource>> objects = parse(text);
        assertThat(objects.getLast().item().getKind())
                .isEqualToIgnoringCase(name.getName(0).toString());

        List<NamespaceableResource<GenericKubernetesResource>> existing = new ArrayList<>();
        try {
            for (var object : objects.subList(0, objects.size() - 1)) {
                existing.add(client.resource(create(object, false)));
            }
            Matcher expected = EXPECTED.matcher(text);
            if (name.getName(1).toString().equals("valid")) {
                assertThat(expected.find())
                        .as("a valid case expects no message")
                        .isFalse();
                submit(objects.getLast(), existing);
            } else {
                assertThat(expected.find()).as("begins with # expected: …").isTrue();
                var refusal = catchThrowableOfType(
                        KubernetesClientException.class, () -> submit(objects.getLast(), existing));
                assertThat(refusal).as("refused").isNotNull();
                assertThat(refusal.getStatus().getMessage()).contains(expected.group(1));
            }
        } finally {
            existing.forEach(object -> object.delete());
        }
    }

    private void submit(
            NamespaceableResource<GenericKubernetesResource> object,
            List<NamespaceableResource<GenericKubernetesResource>> existing) {
        if (existing.isEmpty()) {
            create(object, true);
        } else {
            // not an update: the operator, where it runs, has been there meanwhile
            object.inNamespace(NAMESPACE).dryRun().forceConflicts().serverSideApply();
        }
    }

    private GenericKubernetesResource create(NamespaceableResource<GenericKubernetesResource> object, boolean dryRun) {
        return object.inNamespace(NAMESPACE)
                .dryRun(dryRun)
                .fieldValidation(Validation.STRICT)
                .create();
    }

    private List<NamespaceableResource<GenericKubernetesResource>> parse(String text) {
        return Arrays.stream(text.split("(?m)^---$"))
                .map(document -> client.resource(Serialization.unmarshal(document, GenericKubernetesResource.class)))
                .toList();
    }
}
