package io.unitsmith.agent.drift;

import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.drift.Surroundings.Foreign;
import io.unitsmith.agent.facts.ReplacedFiles;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Looks at what is beside the agent's own files: what has changed, and every ten minutes everything. */
final class Looker {

    private static final Duration SWEEP = Duration.ofMinutes(10);

    private final UnitFolders folders;
    private final Disk disk;
    private final Systemd systemd;
    private final Watch watch;
    private final Upgrades upgrades;
    private final Clock clock;
    private Instant nextSweep = Instant.MIN;
    private Set<String> known = Set.of();
    private Map<String, List<Foreign>> foreign = Map.of();
    private Set<String> stale = Set.of();

    Looker(AtomicFiles files, Disk disk, Systemd systemd, Watch watch, Clock clock) {
        this.folders = new UnitFolders(files);
        this.disk = disk;
        this.systemd = systemd;
        this.watch = watch;
        this.upgrades = new Upgrades(new ReplacedFiles(files.at("/")), clock);
        this.clock = clock;
    }

    Map<String, Found> look(Set<String> paths) {
        if (isSweepDue()) {
            disk.forget();
        }
        return disk.look(paths);
    }

    private boolean isSweepDue() {
        return !clock.instant().isBefore(nextSweep);
    }

    /** The next time, everything is looked at. */
    void again() {
        nextSweep = Instant.MIN;
    }

    /**
     * What there is beside these units' own files.
     *
     * @param units as they are now
     */
    Surroundings look(Map<String, UnitState> units, Ledger ledger) {
        return look(units.keySet(), ledger, upgrades.look(units.values()));
    }

    private Surroundings look(Set<String> units, Ledger ledger, Map<String, Set<String>> outdated) {
        Optional<Set<String>> changes = watch.changes();
        boolean everything = changes.isEmpty() || isSweepDue();
        if (everything || !changes.get().isEmpty() || !units.equals(known)) {
            list(units, ledger);
        }
        stale = systemd.loadedFromOldFiles(everything ? units : suspects(units, changes.orElse(Set.of())));
        known = Set.copyOf(units);
        if (isSweepDue()) {
            nextSweep = clock.instant().plus(SWEEP);
        }
        return new Surroundings(foreign, stale, outdated);
    }

    /** Followed before they are listed, so that nothing is missed between the two. */
    private void list(Set<String> units, Ledger ledger) {
        Set<String> own = ledger.assignments().values().stream()
                .flatMap(applied -> applied.entries().stream())
                .map(Ledger.Made::path)
                .collect(Collectors.toSet());
        Set<String> followed = new TreeSet<>(UnitFolders.FOLDERS);
        own.forEach(path -> {
            String folder = HostPath.parent(path);
            followed.add(folder);
            followed.add(HostPath.parent(folder));
        });
        UnitFolders.Found found;
        do {
            watch.follow(followed);
            found = folders.look(units, own);
        } while (followed.addAll(found.folders()));
        foreign = found.foreign();
    }

    /** What was stale may be so still: a daemon-reload changes no file. */
    private Set<String> suspects(Set<String> units, Set<String> changes) {
        return units.stream()
                .filter(unit -> !known.contains(unit)
                        || stale.contains(unit)
                        || changes.stream().anyMatch(path -> UnitNames.concerns(path, unit)))
                .collect(Collectors.toSet());
    }
}
