package io.unitsmith.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Turns the records into CRDs, and adds what the generator has no annotation for. */
final class CrdSchema {

    private static final List<Class<? extends CustomResource<?, ?>>> KINDS = List.of(
            PhpFpmPool.class, RemoteMount.class, TenantPolicy.class, Host.class, HostAgent.class, HostAssignment.class);

    private static final long LONGEST_MAP_VALUE = 4096;

    private CrdSchema() {}

    /** Every CRD by its plural. */
    static Map<String, CustomResourceDefinition> generate() {
        Map<String, CustomResourceDefinition> crds = new TreeMap<>();
        CRDPostProcessor keep = new CRDPostProcessor() {
            @Override
            public HasMetadata process(HasMetadata generated, String version) {
                var crd = (CustomResourceDefinition) generated;
                complete(crd);
                crds.put(crd.getSpec().getNames().getPlural(), crd);
                return crd;
            }
        };
        new CRDGenerator()
                .customResourceClasses(List.copyOf(KINDS))
                .forCRDVersions("v1")
                .withPostProcessor(keep)
                .withOutput(new Discard())
                .generate();
        return crds;
    }

    private static void complete(CustomResourceDefinition crd) {
        orderColumns(crd);
        JSONSchemaProps root =
                crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        everySchema(root, CrdSchema::completeOne);
        root.getProperties().entrySet().removeIf(half -> isVoidStatus(half.getKey(), half.getValue()));
        if (crd.getSpec().getNames().getKind().equals("HostAssignment")) {
            // The operator is its only writer: two more copies of every text and rule would only cost space.
            for (String content : List.of("live", "staged")) {
                root.getProperties().get("spec").getProperties().get(content).getProperties().values().stream()
                        .filter(property -> !property.getProperties().isEmpty())
                        .forEach(spec -> everySchema(spec, CrdSchema::strip));
            }
        }
    }

    /** The generator sorts the columns by their paths; people read them in the order of the annotations. */
    private static void orderColumns(CustomResourceDefinition crd) {
        Class<?> kind = KINDS.stream()
                .filter(type ->
                        type.getSimpleName().equals(crd.getSpec().getNames().getKind()))
                .findFirst()
                .orElseThrow();
        List<String> order = Stream.of(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::jsonPath)
                .toList();
        crd.getSpec()
                .getVersions()
                .getFirst()
                .getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt(column -> order.indexOf(column.getJsonPath())));
    }

    private static void completeOne(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            // The generator emits a record component's rule twice: of the field, and of its accessor.
            schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        }
        if (schema.getProperties() != null && schema.getProperties().containsKey("conditions")) {
            JSONSchemaProps list = schema.getProperties().get("conditions");
            list.setXKubernetesListType("map");
            list.setXKubernetesListMapKeys(List.of("type"));
        }
        if (schema.getProperties() != null && schema.getProperties().containsKey("hostNames")) {
            schema.getProperties().get("hostNames").setXKubernetesListType("set");
        }
        if (schema.getAdditionalProperties() != null) {
            JSONSchemaProps value = schema.getAdditionalProperties().getSchema();
            if (value.getType().equals("string") && value.getMaxLength() == null) {
                value.setMaxLength(LONGEST_MAP_VALUE);
            }
        }
    }

    private static boolean isVoidStatus(String half, JSONSchemaProps schema) {
        return half.equals("status") && schema.getProperties().isEmpty();
    }

    private static void strip(JSONSchemaProps schema) {
        schema.setDescription(null);
        schema.setXKubernetesValidations(null);
    }

    static void everySchema(JSONSchemaProps schema, Consumer<JSONSchemaProps> visit) {
        visit.accept(schema);
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(property -> everySchema(property, visit));
        }
        if (schema.getItems() != null) {
            everySchema(schema.getItems().getSchema(), visit);
        }
        if (schema.getAdditionalProperties() != null) {
            everySchema(schema.getAdditionalProperties().getSchema(), visit);
        }
    }

    private static final class Discard implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return new ByteArrayOutputStream();
        }

        @Override
        public void close() throws IOException {}
    }
}
