package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.Cluster;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.TestbedExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a reader copies from README works. */
@ExtendWith(TestbedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadmeIT {

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
        return whole.without(whole.section(Readme.ONE_HOST)).blocks("yaml").stream();
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void theApiServerTakesEveryManifest(String manifest) {
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
    void everyFileThatItLinksToIsThere() {
        assertThat(Readme.whole().all(LINK))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(Path.of("..").resolve(link)).exists());
    }
}
