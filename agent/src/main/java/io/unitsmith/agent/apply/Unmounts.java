package io.unitsmith.agent.apply;

import io.unitsmith.agent.command.Command;
import io.unitsmith.agent.facts.MountTable;
import io.unitsmith.agent.facts.OpenFiles;
import io.unitsmith.agent.facts.OpenFiles.Holder;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitName;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes file systems out of the tree without waiting for whoever uses them, or for their servers.
 *
 * <p>Each time by a unit of its own: the agent may not unmount (docs/adr/0012), and nothing that waits for a server is a
 * child of it.
 */
public final class Unmounts {

    private static final Logger LOG = LoggerFactory.getLogger(Unmounts.class);

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration NAMING = Duration.ofSeconds(2);
    private static final int NAMED = 5;

    private final Systemd systemd;
    private final MountTable mounts;
    private final OpenFiles openFiles;
    private Set<String> hung = Set.of();

    public Unmounts(Systemd systemd, AtomicFiles files) {
        this.systemd = systemd;
        this.mounts = new MountTable(files.at("/proc/self/mountinfo"));
        this.openFiles = new OpenFiles(files.at("/proc"));
    }

    /** Takes note of the units whose servers do not answer now. */
    public void hung(Set<String> units) {
        hung = Set.copyOf(units);
    }

    /** Whether the server of this unit does not answer. */
    boolean isHung(String unit) {
        return hung.contains(unit);
    }

    /** Takes those away that are mounted. Under an automount, which stays, there would else be the automount itself to take. */
    public void takeAway(UnmountPolicy policy, Collection<String> units) {
        if (policy == UnmountPolicy.GRACEFUL) {
            throw new IllegalArgumentException("systemd itself stops gracefully");
        }
        Set<String> mounted = mounts.fileSystems().keySet();
        List<String> jobs = units.stream()
                .filter(unit -> mounted.contains(path(unit)))
                .map(unit -> (policy == UnmountPolicy.LAZY ? "unitsmith-unmount-lazy@" : "unitsmith-unmount-force@")
                        + unit.replaceFirst("\\.mount$", ".service"))
                .toList();
        if (!jobs.isEmpty()) {
            systemd.run(Job.START, jobs, DEADLINE).forEach((unit, result) -> LOG.info("{}: {}", unit, result.text()));
        }
    }

    /** Who uses what is mounted there, in a few words; empty if nobody is seen to. */
    String holders(String unit) {
        List<Holder> holders = openFiles.below(path(unit));
        String named = holders.stream().limit(NAMED).map(Unmounts::text).collect(Collectors.joining(", "));
        return holders.size() > NAMED ? "%s and %d more".formatted(named, holders.size() - NAMED) : named;
    }

    private static String text(Holder holder) {
        return "%s (process %d of %s)".formatted(holder.command(), holder.pid(), user(holder.uid()));
    }

    /** From a process, since a directory service may take its time. */
    private static String user(long uid) {
        try {
            String name = Command.run(NAMING, List.of("id", "--user", "--name", Long.toString(uid)))
                    .text()
                    .strip();
            return name.isEmpty() ? "uid " + uid : name;
        } catch (IOException e) {
            return "uid " + uid;
        }
    }

    private static String path(String unit) {
        return UnitName.pathOf(unit).orElse(unit);
    }
}
