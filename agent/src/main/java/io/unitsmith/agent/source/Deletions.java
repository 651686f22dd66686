package io.unitsmith.agent.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Workloads that somebody wants off this host, one mark each, on disk. A manifest that is gone removes nothing, so that a
 * lost folder does no harm: the mark does.
 */
public final class Deletions {

    public static final String PATH = "/var/lib/unitsmith/deletions";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicFiles files;

    public Deletions(AtomicFiles files) {
        this.files = files;
    }

    /** By the name of the assignment. A mark that cannot be read ends this: nothing is removed on a guess. */
    public Map<String, WorkloadReference> all() throws IOException {
        Map<String, WorkloadReference> all = new TreeMap<>();
        if (Files.isDirectory(files.at(PATH))) {
            try (var marks = Files.newDirectoryStream(files.at(PATH), "[!.]*")) {
                for (Path mark : marks) {
                    String text = files.read(files.name(mark)).orElse("");
                    if (!text.isEmpty()) {
                        all.put(String.valueOf(mark.getFileName()), JSON.readValue(text, WorkloadReference.class));
                    }
                }
            }
        }
        return all;
    }

    /** Has the agent take the workload off. */
    public void mark(WorkloadReference workload) throws IOException {
        String path = path(Assigning.name(workload));
        for (String folder : files.missingFolders(path)) {
            files.makeFolder(folder, 0700);
        }
        files.write(path, JSON.writeValueAsString(workload).getBytes(StandardCharsets.UTF_8), 0600, null);
    }

    /** The removal is done, or not wanted any more. */
    public void unmark(String assignment) throws IOException {
        if (Files.exists(files.at(path(assignment)))) {
            files.delete(path(assignment));
        }
    }

    private static String path(String assignment) {
        return PATH + "/" + assignment;
    }
}
