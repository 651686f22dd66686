package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.unitsmith.testbed.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All of a host that a workload may leave a trace in, line by line, so that two of them can be compared. */
record HostState(SortedSet<String> lines) {

    /** Prints the hash of every file where units and configurations are. */
    static final String HASHES = "cd /; find etc/systemd etc/unitsmith etc/tmpfiles.d -type f -exec sha256sum {} +\n";

    // Kind, mode, owner and name of everything; links with their target, files with their hash. What systemd keeps for
    // units that have nothing to do with us (sessions, timers) comes and goes, so there only our own names count;
    // the agent's metrics are no workload's.
    private static final String SCRIPT = HASHES + """
            find etc/systemd etc/unitsmith etc/tmpfiles.d run/unitsmith -printf '%y %m %u:%g %p %l\\n' 2>/dev/null | grep -v run/unitsmith/metrics
            find etc/unitsmith run/unitsmith -path run/unitsmith/metrics -prune -o \
                -exec getfacl --absolute-names --omit-header {} + | sed 's/^/acl /'
            find run/systemd -printf '%y %p\\n' 2>/dev/null | grep -e unitsmith -e 'srv-' | grep -v unitsmith-agent
            systemctl list-units --all --plain --no-legend --no-pager --full | grep -e unitsmith -e mount \
                | awk '{print "unit", $1, $2, $3, $4}'
            systemctl list-unit-files --no-legend --no-pager --full | sed 's/^/unit file /'
            """;

    private static final Pattern CHANGES = Pattern.compile("unit unitsmith-fpm@\\S+ loaded (?:de)?activating .*");

    /** Once no pool is being started or stopped any more: who has just had its answer may still be starting, for systemd. */
    static HostState of(Host host) {
        HostState[] state = new HostState[1];
        until(
                "no pool is being started or stopped",
                Duration.ofSeconds(60),
                () -> {
                    state[0] = now(host);
                    return state[0].lines.stream().noneMatch(CHANGES.asMatchPredicate());
                },
                () -> String.join("\n", state[0].lines));
        return state[0];
    }

    private static HostState now(Host host) {
        return new HostState(new TreeSet<>(
                host.sh(SCRIPT).output().lines().map(String::strip).toList()));
    }

    /** The lines that name this. */
    HostState about(String name) {
        return new HostState(
                lines.stream().filter(line -> line.contains(name)).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The hash of each file. */
    Map<String, String> files() {
        return hashes(lines.stream());
    }

    /** Of lines such as `sha256sum` prints: path to hash. */
    static Map<String, String> hashes(Stream<String> lines) {
        return lines.filter(line -> line.matches("[0-9a-f]{64}  .*"))
                .collect(Collectors.toMap(line -> line.substring(66), line -> line.substring(0, 64)));
    }

    /** What came (+) and what went (-) since an earlier one. */
    List<String> changesSince(HostState earlier) {
        List<String> changes = new ArrayList<>();
        earlier.lines.stream().filter(line -> !lines.contains(line)).forEach(line -> changes.add("- " + line));
        lines.stream().filter(line -> !earlier.lines.contains(line)).forEach(line -> changes.add("+ " + line));
        return changes;
    }
}
