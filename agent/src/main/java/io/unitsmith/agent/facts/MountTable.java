package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is mounted, from the kernel's own list: to look at the path itself would be to wait for its server. */
public final class MountTable {

    private static final Logger LOG = LoggerFactory.getLogger(MountTable.class);

    private final Path mountinfo;

    /**
     * Reads the list anew at every question.
     *
     * @param mountinfo /proc/self/mountinfo
     */
    public MountTable(Path mountinfo) {
        this.mountinfo = mountinfo;
    }

    /** Every path that something is mounted at. */
    public NavigableSet<String> points() {
        try (var lines = Files.lines(mountinfo)) {
            return lines.map(line -> line.split(" ", -1))
                    .filter(fields -> fields.length > 4)
                    .map(fields -> OctalEscapes.decode(fields[4]))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            LOG.warn("{} could not be read: {}", mountinfo, e.getMessage());
            return new TreeSet<>();
        }
    }
}
