package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.unitsmith.testbed.ContainerHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Everything on a host that a command could touch, times and unit states included: for those that must touch nothing. */
record HostFiles(SortedSet<String> lines) {

    // Of /run/systemd what systemd itself notes of journals, sessions and invocations comes and goes with every
    // command; the agent's metrics are written every turn.
    private static final String SCRIPT = """
            cd /
            places="etc run/unitsmith run/systemd/system run/systemd/transient run/systemd/generator var/lib/unitsmith"
            find $places -printf '%p %y %m %u:%g %T@ %s %i %l\\n' 2>/dev/null | grep -v run/unitsmith/metrics
            find $places -type f -exec sha256sum {} + 2>/dev/null | grep -v run/unitsmith/metrics
            systemctl list-units --all --plain --no-legend --no-pager --full --type service,socket,mount,automount,slice \
                | grep -e unitsmith -e srv | awk '{print "unit", $1, $2, $3, $4}'
            for unit in $(systemctl list-units --all --plain --no-legend 'unitsmith*' | awk '{print $1}'); do
              echo "$unit $(systemctl show --property InvocationID,MainPID,StateChangeTimestampMonotonic $unit | tr '\\n' ' ')"
            done
            """;

    static HostFiles of(ContainerHost host) {
        return new HostFiles(new TreeSet<>(
                host.sh(SCRIPT).output().lines().map(String::strip).toList()));
    }

    /** Once the agent has told what there was to tell of what was done before. */
    static HostFiles settled(ContainerHost host) {
        HostFiles[] last = {of(host)};
        until(
                host.name() + " is quiet",
                Duration.ofSeconds(30),
                () -> {
                    HostFiles now = of(host);
                    boolean quiet = now.equals(last[0]);
                    last[0] = now;
                    return quiet;
                },
                () -> String.join("\n", of(host).changesSince(last[0])));
        return last[0];
    }

    /** What came (+) and what went (-) since an earlier one. */
    List<String> changesSince(HostFiles earlier) {
        List<String> changes = new ArrayList<>();
        earlier.lines.stream().filter(line -> !lines.contains(line)).forEach(line -> changes.add("- " + line));
        lines.stream().filter(line -> !earlier.lines.contains(line)).forEach(line -> changes.add("+ " + line));
        return changes;
    }
}
