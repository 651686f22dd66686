package io.unitsmith.agent.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads manifests as users write them, without an API server: the same YAML, several documents a file, Secrets included.
 * Strict as the API server is: defaults are those of the CRDs, and what a schema does not allow is refused. CEL rules are
 * not evaluated.
 */
public final class Manifests {

    private Manifests() {}

    /**
     * A workload from a manifest.
     *
     * @param secret the data of all Secrets that the spec names, a later one's where several have a key; null if it names
     *     none, or one that was not read
     */
    public record Manifest(
            WorkloadReference workload,
            Content content,
            @Nullable Map<String, byte[]> secret) {}

    /**
     * What files say.
     *
     * @param documents every object, from the first file that has it; those too that have a fault
     * @param faults what is wrong, each with its file, object and field
     */
    public record Reading(List<ManifestDocument> documents, List<String> faults) {

        public static final Reading NOTHING = new Reading(List.of(), List.of());

        /** The workloads without a fault. A workload finds its Secrets in any of the files. */
        public List<Manifest> workloads() {
            return workloadsBeside(NOTHING);
        }

        /** The same, where a Secret that is not among these may be among others. */
        public List<Manifest> workloadsBeside(Reading others) {
            Map<String, Map<String, byte[]>> secrets = new HashMap<>();
            Stream.concat(others.documents().stream(), documents.stream()).forEach(document -> {
                @Nullable Map<String, byte[]> data = document.data();
                if (data != null) {
                    secrets.put(
                            key(
                                    document.workload().namespace(),
                                    document.workload().name()),
                            data);
                }
            });
            List<Manifest> workloads = new ArrayList<>();
            for (ManifestDocument document : documents) {
                @Nullable Content content = document.content();
                if (content != null) {
                    WorkloadReference workload = document.workload();
                    List<String> names = Objects.requireNonNull(content.spec()).secretNames().stream()
                            .map(name -> key(workload.namespace(), name))
                            .toList();
                    workloads.add(new Manifest(workload, content, together(names, secrets)));
                }
            }
            return workloads;
        }

        private static @Nullable Map<String, byte[]> together(
                List<String> names, Map<String, Map<String, byte[]>> secrets) {
            if (names.isEmpty() || !secrets.keySet().containsAll(names)) {
                return null;
            }
            Map<String, byte[]> together = new HashMap<>();
            names.forEach(name -> together.putAll(Objects.requireNonNull(secrets.get(name))));
            return together;
        }

        private static String key(String namespace, String name) {
            return namespace + "/" + name;
        }
    }

    /**
     * Reads files together.
     *
     * @param files name to text
     * @throws InvalidManifests with every fault there is
     */
    public static List<Manifest> read(Map<String, String> files) throws InvalidManifests {
        return sound(readAll(files)).workloads();
    }

    /**
     * The same reading, if nothing is wrong with it.
     *
     * @throws InvalidManifests with every fault there is
     */
    public static Reading sound(Reading reading) throws InvalidManifests {
        if (!reading.faults().isEmpty()) {
            throw new InvalidManifests(reading.faults());
        }
        return reading;
    }

    /** Reads what can be read, by the files' names: an object that a second file has too is the first one's. */
    public static Reading readAll(Map<String, String> files) {
        var parser = new ManifestParser();
        new TreeMap<>(files).forEach(parser::readFile);
        List<String> faults = new ArrayList<>(parser.faults());
        Map<String, ManifestDocument> documents = new LinkedHashMap<>();
        for (ManifestDocument document : parser.documents()) {
            String title = ManifestParser.title(document.workload());
            @Nullable ManifestDocument first = documents.putIfAbsent(title, document);
            if (first != null) {
                faults.add("%s: %s: %s has it already, and that one counts: take it out of one of the two"
                        .formatted(document.file(), title, first.file()));
            }
        }
        return new Reading(List.copyOf(documents.values()), List.copyOf(faults));
    }

    /** Takes out of the spec of a workload what reading it fills in anyway. */
    public static void leaveOutDefaults(String kind, ObjectNode spec) {
        ManifestParser.schema(kind).abridge(spec);
    }
}
