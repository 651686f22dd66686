package io.unitsmith.agent.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.api.v1alpha1.Unread;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host's status on disk. */
public final class StatusFile {

    public static final String PATH = "/var/lib/unitsmith/status.json";

    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .enable(SerializationFeature.INDENT_OUTPUT);

    private final AtomicFiles files;
    private @Nullable HostStatus written;

    public StatusFile(AtomicFiles files) {
        this.files = files;
    }

    /** Empty if there is none, or none that this version can read. */
    public Optional<HostStatus> load() throws IOException {
        Optional<String> text = files.read(PATH);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            HostStatus status = JSON.readValue(text.get(), HostStatus.class);
            return Unread.in("status", status).isEmpty() ? Optional.of(status) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Writes it, if it is another one. */
    public void save(HostStatus status) throws IOException {
        if (!status.equals(written)) {
            files.write(PATH, JSON.writeValueAsString(status).getBytes(StandardCharsets.UTF_8), 0600, null);
            written = status;
        }
    }
}
