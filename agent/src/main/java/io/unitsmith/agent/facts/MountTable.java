package io.unitsmith.agent.facts;

import io.unitsmith.agent.files.HostText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is mounted, from the kernel's own list: to look at the path itself would be to wait for its server. */
public final class MountTable {

    private static final Logger LOG = LoggerFactory.getLogger(MountTable.class);

    private static final int POINT = 4;

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
        return new TreeSet<>(types().keySet());
    }

    /** Whether a file system of this type may ask a server at any access, or mount something that does. That of davfs is fuse. */
    static boolean mayAskServer(String type) {
        return Fstab.REMOTE_TYPES.contains(type) || type.matches("fuse(\\..*)?") || type.equals("autofs");
    }

    /** The type of what is mounted at a path, of the uppermost where there are several. */
    Map<String, String> types() {
        return lines().stream()
                .collect(Collectors.toMap(
                        fields -> OctalEscapes.decode(fields[POINT]), MountTable::type, (lower, upper) -> upper));
    }

    /** What is mounted at each path: the last of several, and no automounts, which only wait. */
    public Map<String, Mounted> fileSystems() {
        Map<String, Mounted> mounted = new HashMap<>();
        for (String[] fields : lines()) {
            int separator = List.of(fields).indexOf("-");
            if (separator > POINT && fields.length > separator + 3 && !fields[separator + 1].equals("autofs")) {
                mounted.put(
                        OctalEscapes.decode(fields[POINT]),
                        new Mounted(
                                fields[2],
                                OctalEscapes.decode(fields[separator + 2]),
                                fields[separator + 1],
                                OctalEscapes.decode(fields[5] + "," + fields[separator + 3])));
            }
        }
        return mounted;
    }

    private List<String[]> lines() {
        try {
            return HostText.read(mountinfo)
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .filter(fields -> fields.length > POINT)
                    .toList();
        } catch (IOException e) {
            LOG.warn("{} could not be read: {}", mountinfo, e.getMessage());
            return List.of();
        }
    }

    /** After the lone dash that ends the optional fields (proc_pid_mountinfo(5)). */
    private static String type(String[] fields) {
        int dash = Arrays.asList(fields).indexOf("-");
        return dash > 0 && dash + 1 < fields.length ? fields[dash + 1] : "";
    }
}
