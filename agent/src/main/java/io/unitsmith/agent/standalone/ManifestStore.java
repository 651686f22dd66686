package io.unitsmith.agent.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.source.ManifestDocument;
import io.unitsmith.agent.source.Manifests.Reading;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The files in a folder of manifests that {@code unitsmith apply} has written, one object each. It tells them from those
 * that somebody wrote by hand by their first line; the latter are never changed.
 */
public final class ManifestStore {

    private static final String MARK = "# Written by `unitsmith apply`, and removed by `unitsmith delete`.";

    private static final int NAME_LIMIT = 200;

    /** Every text in quotes: what looks like a number or a word of YAML stays what it was. */
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private final AtomicFiles files;
    private final String folder;

    public ManifestStore(AtomicFiles files, String folder) {
        this.files = files;
        this.folder = folder;
    }

    /** What storing an object comes to. */
    public enum Outcome {
        CREATED,
        CONFIGURED,
        UNCHANGED;

        /** As kubectl says it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The file of somebody else that has this object, if there is one. */
    public Optional<String> foreignFile(WorkloadReference object, Reading there) throws IOException {
        Optional<ManifestDocument> found = find(object, there);
        if (found.isPresent()) {
            String file = found.get().file();
            return isOwn(file) ? Optional.empty() : Optional.of(file);
        }
        String path = path(object);
        return files.read(path).isPresent() && !isOwn(path) ? Optional.of(path) : Optional.empty();
    }

    /** What it would come to. An object that stands in somebody else's file just like this needs no other. */
    public Outcome outcome(ManifestDocument document, Reading there) throws IOException {
        Optional<ManifestDocument> found = find(document.workload(), there);
        if (found.isPresent()) {
            return found.get().original().equals(document.original()) ? Outcome.UNCHANGED : Outcome.CONFIGURED;
        }
        return files.read(path(document.workload())).isPresent() ? Outcome.CONFIGURED : Outcome.CREATED;
    }

    /** Writes the object to a file of its own. For root alone, since a Secret may be among them. */
    public void store(ManifestDocument document) throws IOException {
        String path = path(document.workload());
        for (String missing : files.missingFolders(path)) {
            files.makeFolder(missing, missing.equals(folder) ? 0700 : 0755);
        }
        files.write(path, text(document).getBytes(StandardCharsets.UTF_8), 0600, null);
    }

    /** Removes the object's own file, if there is one. */
    public void remove(WorkloadReference object) throws IOException {
        if (isOwn(path(object))) {
            files.delete(path(object));
        }
    }

    /** Whether the object stands in its own file or in somebody else's. */
    public static Optional<ManifestDocument> find(WorkloadReference object, Reading there) {
        return there.documents().stream()
                .filter(document -> document.workload().kind().equals(object.kind())
                        && document.workload().namespace().equals(object.namespace())
                        && document.workload().name().equals(object.name()))
                .findFirst();
    }

    private static String text(ManifestDocument document) throws JsonProcessingException {
        return MARK + "\n" + YAML.writeValueAsString(document.original());
    }

    private boolean isOwn(String file) throws IOException {
        return files.read(file).filter(text -> text.startsWith(MARK)).isPresent();
    }

    String path(WorkloadReference object) {
        String name = "%s.%s.%s".formatted(object.kind().toLowerCase(Locale.ROOT), object.namespace(), object.name());
        if (name.length() > NAME_LIMIT) {
            name = name.substring(0, NAME_LIMIT) + "-"
                    + Names.workloadId(object.kind(), object.namespace(), object.name());
        }
        return folder + "/" + name + ".yaml";
    }
}
