package io.unitsmith.agent.apply;

import io.unitsmith.agent.apply.LedgerStore.Reading.Damaged;
import io.unitsmith.agent.apply.LedgerStore.Reading.Missing;
import io.unitsmith.agent.apply.LedgerStore.Reading.Old;
import io.unitsmith.agent.apply.LedgerStore.Reading.Whole;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.plan.Goal;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.plan.Rebuild;
import io.unitsmith.agent.systemd.Since;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.workload.Rendering.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the ledger, or what it must have said. */
public final class LedgerKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerKeeper.class);

    private final LedgerStore store;
    private final AtomicFiles files;

    public LedgerKeeper(AtomicFiles files) {
        this.store = new LedgerStore(files);
        this.files = files;
    }

    /**
     * The ledger.
     *
     * @param loss what has become of the one that was on disk, a sentence; null if nothing has
     */
    public record Opened(Ledger ledger, @Nullable String loss) {}

    /** As it is, and whether it was lost before; one that is lost is rebuilt in memory only. */
    public Opened look() throws IOException {
        return switch (store.read()) {
            case Whole(Ledger ledger) -> new Opened(ledger, earlierLoss());
            case Old(Ledger ledger) -> new Opened(ledger, earlierLoss());
            case Damaged(String how) -> lost(how, rebuild());
            case Missing() -> missing(rebuild());
        };
    }

    private @Nullable String earlierLoss() throws IOException {
        return Files.exists(files.at(LedgerStore.DAMAGED))
                ? "%s was damaged, and was rebuilt from the headers of the files: what it was is in %s, to be deleted by you"
                        .formatted(LedgerStore.PATH, LedgerStore.DAMAGED)
                : null;
    }

    private Rebuild rebuild() throws IOException {
        return Rebuild.of(Scan.of(files), Workloads.KINDS);
    }

    private static Opened missing(Rebuild rebuild) {
        return rebuild.isEmpty() ? new Opened(Ledger.EMPTY, null) : lost("is missing", rebuild);
    }

    private static Opened lost(String how, Rebuild rebuild) {
        Map<String, Applied> assignments = rebuild.ledger().assignments();
        return new Opened(
                rebuild.ledger(),
                "%s %s: it was rebuilt from the headers of the files that are there, with %d %s in %d files"
                        .formatted(
                                LedgerStore.PATH,
                                how,
                                assignments.size(),
                                assignments.size() == 1 ? "workload" : "workloads",
                                assignments.values().stream()
                                        .flatMap(applied -> applied.entries().stream())
                                        .map(Made::path)
                                        .distinct()
                                        .count()));
    }

    /** For an agent that starts: the ledger is on disk then, in this version's form. */
    public Opened open(Systemd systemd) throws IOException {
        LedgerStore.Reading reading = store.read();
        if (reading instanceof Whole(Ledger ledger)) {
            return new Opened(ledger, null);
        }
        if (reading instanceof Old(Ledger ledger)) {
            store.save(ledger);
            return new Opened(ledger, null);
        }
        Rebuild rebuild = rebuild();
        Opened opened = reading instanceof Damaged(String how) ? lost(how, rebuild) : missing(rebuild);
        if (opened.loss() == null) {
            return opened;
        }
        LOG.warn("{}", opened.loss());
        removeStrays(rebuild.strays());
        removeStrays(rebuild().strays()); // the folders that are empty now
        Ledger ledger = withPending(opened.ledger(), systemd);
        if (reading instanceof Damaged) {
            store.setAside();
        }
        store.save(ledger);
        return new Opened(ledger, opened.loss());
    }

    private void removeStrays(Set<String> strays) throws IOException {
        for (String stray : new TreeSet<>(strays).descendingSet()) {
            if (Files.isDirectory(files.at(stray), LinkOption.NOFOLLOW_LINKS)) {
                files.sweep(stray);
                files.removeFolder(stray);
            } else {
                files.delete(stray);
            }
            LOG.warn("removed {}, which is Unitsmith's and belongs to no workload any more", stray);
        }
    }

    /** An interrupted change is known by files that are younger than what runs. */
    private Ledger withPending(Ledger ledger, Systemd systemd) throws IOException {
        Map<String, Since> since = systemd.since(new Goal(List.of(), Set.of()).units(ledger));
        Ledger known = ledger;
        for (Map.Entry<String, Applied> entry : ledger.assignments().entrySet()) {
            @Nullable Effect needed = null;
            for (Made made : entry.getValue().entries()) {
                if (isYounger(made, entry.getValue(), since)
                        && (needed == null || made.effect().compareTo(needed) > 0)) {
                    needed = made.effect();
                }
            }
            known = known.with(entry.getKey(), entry.getValue().withPending(needed));
        }
        return known;
    }

    private boolean isYounger(Made made, Applied applied, Map<String, Since> since) throws IOException {
        @Nullable Since running = since.get(isOfTrigger(made.effect()) ? applied.trigger() : applied.payload());
        if (running == null || made.effect() == Effect.NONE) {
            return false;
        }
        Instant modified = Files.getLastModifiedTime(files.at(made.path()), LinkOption.NOFOLLOW_LINKS)
                .toInstant();
        return modified.isAfter(made.effect() == Effect.RELOAD_PAYLOAD ? running.unchanged() : running.active());
    }

    private static boolean isOfTrigger(Effect effect) {
        return effect == Effect.RESTART_TRIGGER || effect == Effect.ADJUST_TRIGGER;
    }
}
