package io.unitsmith.agent.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object as it stands in a file.
 *
 * @param workload which object it is; for a Secret too
 * @param original as it was written, without the schema's defaults
 * @param content the spec; null for a Secret, and where the object has a fault
 * @param data what a Secret holds; null for a workload, and where the object has a fault
 */
public record ManifestDocument(
        String file,
        WorkloadReference workload,
        JsonNode original,
        @Nullable Content content,
        @Nullable Map<String, byte[]> data) {

    static final String SECRET = "Secret";

    public boolean isSecret() {
        return workload.kind().equals(SECRET);
    }

    /** Without what it says: there may be a secret in it. */
    @Override
    public String toString() {
        return workload + " in " + file;
    }
}
