package io.unitsmith.agent.facts;

import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whether a process has executed a program anew, as php-fpm does at a reload, under the same process id. */
public final class ProcessImages {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessImages.class);

    private final Path proc;

    /** @param proc where /proc is */
    public ProcessImages(Path proc) {
        this.proc = proc;
    }

    /**
     * By unit, of those that run a process: a digest of its auxiliary vector, the random addresses of which are new after
     * each execve (proc_pid_auxv(5)). What cannot be read is left out.
     */
    public Map<String, String> of(Collection<UnitState> units) {
        Map<String, String> images = new HashMap<>();
        for (UnitState unit : units) {
            if (unit.isActive() && unit.mainPid() > 0) {
                try {
                    Path vector = proc.resolve(Integer.toString(unit.mainPid())).resolve("auxv");
                    images.put(unit.name(), unit.mainPid() + " " + Names.hash(Files.readAllBytes(vector)));
                } catch (IOException e) {
                    LOG.debug("no image of {}, its state alone counts: {}", unit.name(), e.getMessage());
                }
            }
        }
        return images;
    }
}
