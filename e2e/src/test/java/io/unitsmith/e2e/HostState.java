package io.unitsmith.e2e;

import io.unitsmith.testbed.ContainerHost;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** All of a host that a workload may leave a trace in, line by line, so that two of them can be compared. */
record HostState(SortedSet<String> lines) {

    // Kind, mode, owner and name of everything; links with their target, files with their hash. What systemd keeps for
    // units that have nothing to do with us (sessions, timers) comes and goes, so there only our own names count.
    private static final String SCRIPT = """
            cd /
            find etc/systemd etc/unitsmith etc/tmpfiles.d run/unitsmith -printf '%y %m %u:%g %p %l\\n' 2>/dev/null
            find etc/systemd etc/unitsmith etc/tmpfiles.d -type f -exec sha256sum {} +
            find etc/unitsmith run/unitsmith -exec getfacl --absolute-names --omit-header {} + | sed 's/^/acl /'
            find run/systemd -printf '%y %p\\n' 2>/dev/null | grep -e unitsmith -e 'srv-' | grep -v unitsmith-agent
            systemctl list-units --all --plain --no-legend --no-pager --full | grep -e unitsmith -e mount \
                | awk '{print "unit", $1, $2, $3, $4}'
            systemctl list-unit-files --no-legend --no-pager --full | sed 's/^/unit file /'
            """;

    static HostState of(ContainerHost host) {
        return new HostState(new TreeSet<>(
                host.sh(SCRIPT).output().lines().map(String::strip).toList()));
    }

    /** What came (+) and what went (-) since an earlier one. */
    List<String> changesSince(HostState earlier) {
        List<String> changes = new ArrayList<>();
        earlier.lines.stream().filter(line -> !lines.contains(line)).forEach(line -> changes.add("- " + line));
        lines.stream().filter(line -> !earlier.lines.contains(line)).forEach(line -> changes.add("+ " + line));
        return changes;
    }
}
