package io.unitsmith.agent.usage;

import io.unitsmith.agent.files.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of this host, for a Prometheus node_exporter's textfile collector. They are a file and no port: nothing on a
 * tenant's network, or a tenant's own processes, can ask the agent for anything.
 */
public final class MetricsFile {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsFile.class);

    /** Its folder is the agent's service's, and goes with it: metrics of an agent that is gone are none. */
    public static final String PATH = "/run/unitsmith/metrics/unitsmith.prom";

    private final AtomicFiles files;

    public MetricsFile(AtomicFiles files) {
        this.files = files;
    }

    /** Writes them, also if nothing has changed: how old the file is tells when the agent last did its work. */
    public void save(String metrics) {
        try {
            for (String folder : files.missingFolders(PATH)) {
                files.makeFolder(folder, 0755);
            }
            files.write(PATH, metrics.getBytes(StandardCharsets.UTF_8), 0644, null);
        } catch (IOException e) {
            LOG.warn("the metrics could not be written: {}", e.getMessage());
        }
    }
}
