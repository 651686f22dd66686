package io.unitsmith.agent.drift;

import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.drift.Difference.Kind;
import io.unitsmith.agent.drift.Fights.Contention;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Situation;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.source.Assignment;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.api.v1alpha1.DriftPolicy;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what somebody has changed since it was applied, and whether it is to be put right. Files and triggers the next
 * plan puts right; masks are taken away here.
 */
public final class DriftGuard {

    private static final Logger LOG = LoggerFactory.getLogger(DriftGuard.class);

    private final AtomicFiles files;
    private final Looker looker;
    private final Fights fights;
    private final Clock clock;
    private final Map<String, String> told = new HashMap<>();

    public DriftGuard(AtomicFiles files, Disk disk, Systemd systemd, Watch watch, Clock clock) {
        this.files = files;
        this.looker = new Looker(files, disk, systemd, watch, clock);
        this.fights = new Fights(clock);
        this.clock = clock;
    }

    /** What is at these paths; every ten minutes all of it is read anew. */
    public Map<String, Found> look(Set<String> paths) {
        return looker.look(paths);
    }

    /**
     * What there is to know, and to heed.
     *
     * @param drifts of each assignment that is in force
     * @param resting assignments that the next plan is to leave as they are
     * @param ledger with what the units need since masks were taken away, and with the revisions that are in force
     */
    public record Judgement(Map<String, Drift> drifts, Set<String> resting, Ledger ledger) {}

    /**
     * Judges what is applied.
     *
     * @param assignments all that is asked for, by name
     * @param wanted all that is accepted
     * @param there what is at the paths and units of all of these; what rests is not put right now
     */
    public Judgement judge(Map<String, Assignment> assignments, List<Wanted> wanted, Situation there) {
        List<Case> cases = cases(assignments, wanted, there.ledger());
        Map<String, UnitState> units = new HashMap<>();
        cases.forEach(one -> Finder.units(one.wanted().rendering()).forEach(unit -> units.put(unit, there.unit(unit))));
        Finder finder = new Finder(there, looker.look(units, there.ledger()));
        var round = new Round(there);
        for (Case one : cases) {
            judge(one, finder, round);
        }
        round.tellRepairs();
        fights.keepOnly(assignments.keySet());
        tell(round.drifts);
        return new Judgement(round.drifts, round.resting, round.ledger);
    }

    /** One assignment that is, or was a moment ago, in force. */
    private record Case(Wanted wanted, Applied applied, Version version, DriftPolicy policy) {

        String name() {
            return wanted.assignment();
        }

        boolean isInForce() {
            return applied.proof() == null && applied.holds(wanted.made());
        }
    }

    private static List<Case> cases(Map<String, Assignment> assignments, List<Wanted> wanted, Ledger ledger) {
        List<Case> cases = new ArrayList<>();
        for (Wanted one : wanted) {
            @Nullable Assignment assignment = assignments.get(one.assignment());
            @Nullable Applied applied = ledger.assignments().get(one.assignment());
            @Nullable
            WorkloadSpec spec = assignment == null || assignment.live() == null
                    ? null
                    : assignment.live().content().spec();
            if (assignment != null && applied != null && spec != null) {
                Version version = new Version(assignment.generation(), one.revision());
                cases.add(new Case(one, applied, version, spec.driftPolicy()));
            }
        }
        return cases;
    }

    /** What comes of one look. */
    private static final class Round {

        private final Situation there;
        private final Map<String, Drift> drifts = new HashMap<>();
        private final Set<String> resting = new HashSet<>();
        private final Map<String, List<String>> repairs = new LinkedHashMap<>();
        private Ledger ledger;

        Round(Situation there) {
            this.there = there;
            this.ledger = there.ledger();
        }

        /** The next plan does this to its units, whatever becomes of its files. */
        void need(Case one, Effect effect) {
            Applied applied = ledger.assignments().getOrDefault(one.name(), one.applied());
            ledger = ledger.with(one.name(), applied.needing(effect));
        }

        /** Once for what is shared, however many share it. */
        void tellRepairs() {
            repairs.forEach((text, names) -> LOG.warn("{}: put right, for {}", text, Texts.some(names, ", ")));
        }
    }

    private void judge(Case one, Finder finder, Round round) {
        Optional<Contention> before = fights.contention(one.name(), one.version());
        boolean left = one.policy() == DriftPolicy.REPORT || before.isPresent();
        if (!one.isInForce()) {
            if (!left) {
                repair(one, finder.masks(one.wanted().rendering()), round);
            }
            return;
        }
        List<Difference> found = finder.find(one.wanted());
        List<Difference> repairs = left ? List.of() : repairs(one, found, round.there);
        repair(one, repairs, round);
        List<Difference> foreign =
                found.stream().filter(each -> each.kind() == Kind.FOREIGN).toList();
        boolean drifted = found.size() > foreign.size();
        if (before.isPresent() || (left && drifted)) {
            round.resting.add(one.name());
            adopt(one, round);
        }
        Optional<Contention> contention = fights.contention(one.name(), one.version());
        round.drifts.put(
                one.name(),
                contention
                        .map(fight -> Texts.contended(fight, left ? found : foreign))
                        .orElseGet(() -> left && drifted
                                ? Texts.reported(found)
                                : !foreign.isEmpty() ? Texts.foreign(foreign) : Texts.repaired(repairs, clock)));
    }

    private static List<Difference> repairs(Case one, List<Difference> found, Situation there) {
        if (there.resting().contains(one.name())) {
            return List.of();
        }
        return found.stream()
                .filter(Difference::isRepairable)
                .filter(each -> each.kind() != Kind.STOPPED || !there.resting().contains(each.subject()))
                .toList();
    }

    private void repair(Case one, List<Difference> repairs, Round round) {
        for (Difference difference : repairs) {
            fights.repaired(one.name(), one.version(), difference.subject());
            round.repairs
                    .computeIfAbsent(difference.text(), text -> new ArrayList<>())
                    .add(one.name());
            if (difference.kind() == Kind.MASK) {
                unmask(difference.subject());
            }
            if (difference.kind() == Kind.MASK || difference.kind() == Kind.STALE) {
                looker.again();
                round.need(one, need(one.wanted().rendering(), round.there));
            }
            if (difference.kind() == Kind.OUTDATED) {
                round.need(one, Effect.REPLACE_PAYLOAD);
            }
        }
    }

    private void unmask(String link) {
        try {
            files.delete(link);
        } catch (IOException e) {
            LOG.warn("{} could not be removed: {}", link, e.getMessage());
        }
    }

    /** A socket that was masked when systemd read its files has lost its file descriptors: it only seems to listen. */
    private static Effect need(Rendering rendering, Situation there) {
        UnitState trigger = there.unit(rendering.trigger());
        return trigger.loadState().equals("masked") && !rendering.trigger().equals(rendering.payload())
                ? Effect.RESTART_TRIGGER
                : Effect.NONE;
    }

    /** What is left alone is never planned for; but this revision asks for just what is in force. */
    private static void adopt(Case one, Round round) {
        round.ledger = round.ledger.with(
                one.name(),
                one.applied().inForce(one.wanted().revision(), one.wanted().secret()));
    }

    private void tell(Map<String, Drift> drifts) {
        told.keySet().retainAll(drifts.keySet());
        drifts.forEach((name, drift) -> {
            if (!drift.persists()) {
                told.remove(name);
            } else if (!drift.message().equals(told.put(name, drift.message()))) {
                LOG.warn("{}: {}", name, drift.message());
            }
        });
    }
}
