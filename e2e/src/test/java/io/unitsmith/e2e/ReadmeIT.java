package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.Cluster;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.TestbedExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a reader copies from README, or from the reference, works. */
@ExtendWith(TestbedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadmeIT {

    private static final Path POOLS = Path.of("../docs/reference/pools.md");
    private static final Path MOUNTS = Path.of("../docs/reference/mounts.md");
    private static final Path MOUNT_HEALTH = Path.of("../docs/reference/mount-health.md");
    private static final String POOL = """
            apiVersion: unitsmith.io/v1alpha1
            kind: PhpFpmPool
            metadata: {name: part, namespace: customer-a}
            spec:
              hostNames: [web-1]
              user: alice
              phpVersion: "8.4"
            """;
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)");

    private final Cluster cluster;

    ReadmeIT(Cluster cluster) {
        this.cluster = cluster;
        Chart.applyWithoutOperator(cluster);
        cluster.apply("{apiVersion: v1, kind: Namespace, metadata: {name: customer-a, labels: {customer: a}}}");
    }

    @AfterAll
    void cleanUp() {
        cluster.client().namespaces().withName("customer-a").delete();
    }

    /** Without those for a host alone, which StandaloneE2E applies: they select no hosts. */
    static Stream<String> manifests() {
        Readme whole = Readme.whole();
        return Stream.of(
                        whole.without(whole.section(Readme.ONE_HOST)),
                        Readme.page(POOLS),
                        Readme.page(MOUNTS),
                        Readme.page(MOUNT_HEALTH))
                .flatMap(page -> page.blocks("yaml").stream())
                .flatMap(block -> Arrays.stream(block.split("(?m)^---\n")))
                .filter(document -> !document.contains("kind: Secret\n"));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void theApiServerTakesEveryManifest(String example) {
        // what shows a part of a spec is a pool's
        String manifest = example.startsWith("spec:") ? POOL + example.substring("spec:\n".length()) : example;
        GenericKubernetesResource taken = cluster.client()
                .resource(Serialization.unmarshal(manifest, GenericKubernetesResource.class))
                .dryRun()
                .fieldValidation(Validation.STRICT)
                .forceConflicts()
                .serverSideApply();
        assertThat(taken.getAdditionalProperties()).containsKey("spec");
    }

    @Test
    void everyFieldThatItExplainsIsThere() {
        for (String field : List.of("phpfpmpool.spec", "remotemount.spec")) {
            Result explained = cluster.kubectl("explain", field);
            assertThat(explained.stdout()).as(explained.toString()).contains("hostSelector");
        }
    }

    @Test
    void itLinksToFiles() {
        assertThat(Readme.whole().all(LINK)).isNotEmpty();
    }

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("../docs"))) {
            return Stream.concat(
                    Stream.of(Path.of("../README.md")),
                    docs.filter(file -> file.toString().endsWith(".md")))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyFileThatAPageLinksToIsThere(Path page) {
        assertThat(Readme.page(page).all(LINK).stream().filter(link -> !link.startsWith("https:")))
                .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
    }
}
