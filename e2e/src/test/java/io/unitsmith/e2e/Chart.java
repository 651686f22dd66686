package io.unitsmith.e2e;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.unitsmith.testbed.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The Helm chart's manifests. */
final class Chart {

    static final Path FOLDER = Path.of("../helm/unitsmith");
    static final String RELEASE = "unitsmith";
    static final String NAMESPACE = "unitsmith-system";

    private static final String KUBERNETES = "1.36.0";
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Chart() {}

    /** As `helm install` with these values, in YAML. */
    static List<HasMetadata> render(String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                String manifests = new Helm(FOLDER)
                        .template()
                        .withName(RELEASE)
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call();
                return Arrays.stream(manifests.split("(?m)^---\\s*$"))
                        .filter(document -> document.contains("kind:"))
                        .map(document -> (HasMetadata) YAML.unmarshal(document))
                        .toList();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All but what runs the operator, in a way that a later `helm install` takes over. */
    static void applyWithoutOperator(Cluster cluster) {
        cluster.apply("{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(NAMESPACE));
        List<HasMetadata> objects = render("agent: {server: https://cluster:6443}").stream()
                .filter(object -> !object.getKind().equals("Deployment"))
                .toList();
        objects.forEach(Chart::markAsHelms);
        cluster.apply(objects.stream().map(YAML::asYaml).collect(Collectors.joining()));
        cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all")
                .output();
    }

    private static void markAsHelms(HasMetadata object) {
        Map<String, String> marks =
                Map.of("meta.helm.sh/release-name", RELEASE, "meta.helm.sh/release-namespace", NAMESPACE);
        if (object.getMetadata().getAnnotations() == null) {
            object.getMetadata().setAnnotations(marks);
        } else {
            object.getMetadata().getAnnotations().putAll(marks);
        }
    }
}
