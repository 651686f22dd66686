package io.unitsmith.agent.source;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.unitsmith.agent.files.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The desired state on disk, Secrets included: what the agent enforces while the API is away. */
public final class LastKnownState {

    public static final String PATH = "/var/lib/unitsmith/desired.json";

    private final AtomicFiles files;
    private final KubernetesSerialization serialization = new KubernetesSerialization();
    private @Nullable String onDisk;

    public LastKnownState(AtomicFiles files) {
        this.files = files;
    }

    /** Empty if there never was one. */
    public Optional<Snapshot> load() throws IOException {
        onDisk = files.read(PATH).orElse(null);
        try {
            return Optional.ofNullable(onDisk).map(text -> serialization.unmarshal(text, Snapshot.class));
        } catch (RuntimeException e) {
            throw new IOException(PATH + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Writes it, if it is another one. */
    public void save(Snapshot snapshot) throws IOException {
        String text = serialization.asJson(snapshot);
        if (!text.equals(onDisk)) {
            files.write(PATH, text.getBytes(StandardCharsets.UTF_8), 0600, null);
            onDisk = text;
        }
    }
}
