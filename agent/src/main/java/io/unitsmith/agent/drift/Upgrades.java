package io.unitsmith.agent.drift;

import io.unitsmith.agent.facts.ReplacedFiles;
import io.unitsmith.agent.unit.UnitState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, twice a minute, which services run programs or libraries that an upgrade has replaced. A package comes in
 * several files, and with others that it needs: what was replaced counts once it has stayed so from one look to the next,
 * with no package manager at work.
 */
final class Upgrades {

    private static final Logger LOG = LoggerFactory.getLogger(Upgrades.class);

    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration REST = Duration.ofMinutes(10);

    private final ReplacedFiles replaced;
    private final Clock clock;
    private Instant nextLook = Instant.MIN;
    private Map<Running, Set<String>> seen = Map.of();
    private Map<Running, Set<String>> settled = Map.of();

    /** The units that were said to be outdated of late, and when. */
    private final Map<String, Instant> told = new HashMap<>();

    private record Running(String unit, int pid) {}

    Upgrades(ReplacedFiles replaced, Clock clock) {
        this.replaced = replaced;
        this.clock = clock;
    }

    /** By unit, of those whose process has to be started anew to run what is on disk: the files that were replaced. */
    Map<String, Set<String>> look(Collection<UnitState> units) {
        Map<String, Running> processes = new HashMap<>();
        for (UnitState unit : units) {
            if (unit.isActive() && unit.mainPid() > 0) {
                processes.put(unit.name(), new Running(unit.name(), unit.mainPid()));
            }
        }
        if (!clock.instant().isBefore(nextLook)) {
            nextLook = clock.instant().plus(EVERY);
            lookAnew(processes.values());
        }
        Map<String, Set<String>> outdated = new HashMap<>();
        processes.forEach((unit, process) -> {
            if (settled.containsKey(process)) {
                outdated.put(unit, settled.get(process));
            }
        });
        return outdated;
    }

    private void lookAnew(Collection<Running> processes) {
        Map<Running, Set<String>> now = new HashMap<>();
        for (Running process : processes) {
            try {
                Set<String> files = replaced.of(process.pid());
                if (!files.isEmpty()) {
                    now.put(process, files);
                }
            } catch (IOException e) {
                LOG.debug("it cannot be told whether {} was upgraded: {}", process.unit(), e.getMessage());
            }
        }
        told.values().removeIf(at -> !clock.instant().isBefore(at.plus(REST)));
        boolean whole = !now.isEmpty() && !isUpgradeUnderWay();
        Map<Running, Set<String>> next = new HashMap<>();
        now.forEach((process, files) -> {
            // a service that is outdated again at once is not started anew again and again
            boolean counts = whole && files.equals(seen.get(process)) && !told.containsKey(process.unit());
            if (counts || settled.containsKey(process)) {
                next.put(process, files);
                told.put(process.unit(), clock.instant());
            }
        });
        settled = next;
        seen = now;
    }

    private boolean isUpgradeUnderWay() {
        try {
            return replaced.isUpgradeUnderWay();
        } catch (IOException e) {
            LOG.warn("it cannot be told whether a package manager is at work, so it may be: {}", e.getMessage());
            return true;
        }
    }
}
