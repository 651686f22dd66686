package io.unitsmith.agent;

import io.unitsmith.agent.apply.Disk;
import io.unitsmith.agent.apply.GoodRevisions;
import io.unitsmith.agent.apply.LedgerKeeper;
import io.unitsmith.agent.apply.LedgerStore;
import io.unitsmith.agent.apply.Originals;
import io.unitsmith.agent.apply.Transaction;
import io.unitsmith.agent.apply.Unmounts;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.unit.UnitState;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is in force on this host: the ledger, in step with the disk, and the last good revision of everything in it. */
final class InForce {

    private final Systemd systemd;
    private final AtomicFiles files;
    private final Unmounts unmounts;
    private final LedgerStore store;
    private final LedgerKeeper keeper;
    private final Originals originals;
    private final GoodRevisions good;
    private @Nullable Ledger ledger;
    private @Nullable String loss;

    InForce(Systemd systemd, AtomicFiles files, Disk disk, Unmounts unmounts) {
        this.systemd = systemd;
        this.files = files;
        this.unmounts = unmounts;
        this.store = new LedgerStore(files);
        this.keeper = new LedgerKeeper(files);
        this.originals = new Originals(files, disk, store, systemd);
        this.good = new GoodRevisions(files);
    }

    /** The first time, and after a change that ended nobody knows where, what was left half done is removed. */
    Ledger ledger() throws IOException {
        if (ledger == null) {
            LedgerKeeper.Opened opened = keeper.open(systemd);
            loss = opened.loss() == null ? loss : opened.loss();
            sweep(opened.ledger());
            ledger = opened.ledger();
        }
        return ledger;
    }

    /** What became of the ledger that was found, if it was not as it should be. */
    Optional<String> ledgerLoss() {
        return Optional.ofNullable(loss);
    }

    private void sweep(Ledger known) throws IOException {
        Set<String> folders = new TreeSet<>(Set.of("/var/lib/unitsmith", "/var/lib/unitsmith/credential"));
        for (Applied applied : known.assignments().values()) {
            applied.entries().forEach(made -> folders.add(HostPath.parent(made.path())));
        }
        for (String folder : folders) {
            files.sweep(folder);
        }
        good.retain(known.assignments().keySet());
    }

    boolean isAsAfter(Plan plan) throws IOException {
        return plan.steps().isEmpty() && plan.commit(Set.of()).equals(ledger()) && !ledger().hasIdleFolders();
    }

    /** Whether a change has still to prove itself. */
    boolean isProving() {
        return ledger != null && ledger.assignments().values().stream().anyMatch(applied -> applied.proof() != null);
    }

    /** The states of units, with nothing in them that a mount did before its files were as they are now. */
    Map<String, UnitState> sinceWritten(Map<String, UnitState> units) throws IOException {
        Map<String, UnitState> current = new HashMap<>(units);
        for (Applied applied : ledger().assignments().values()) {
            @Nullable UnitState payload = units.get(applied.payload());
            if (payload != null && payload.lasted() != null && payload.ended() != null) {
                for (Made made : applied.entries()) {
                    if (files.isNewerThan(made.path(), payload.ended())) {
                        current.put(payload.name(), payload.forgiven());
                    }
                }
            }
        }
        return current;
    }

    /** Carries out a plan; the ledger then says how far that came. */
    Transaction.Outcome carryOut(Plan plan, Map<String, Long> uids) throws IOException {
        Ledger before = ledger();
        ledger = null; // until it is known how far this came: what is on disk counts
        Transaction.Outcome outcome = new Transaction(files, store, systemd, unmounts, uids).run(plan, before);
        ledger = outcome.ledger();
        if (!plan.removed().isEmpty()) {
            good.retain(ledger.assignments().keySet());
        }
        return outcome;
    }

    void commit(Ledger changed) throws IOException {
        if (!changed.equals(ledger())) {
            store.save(changed);
            ledger = changed;
        }
    }

    /** Takes over what is in the way of those that may; from then on the ledger lists it as theirs. */
    void adopt(Collection<Wanted> wanted) throws IOException {
        ledger = originals.adopt(ledger(), wanted);
    }

    /** The ledger, as it would be if these came into force. */
    Ledger foresee(Collection<Wanted> wanted) throws IOException {
        return originals.foresee(ledger(), wanted);
    }

    /** Puts back what was taken over by workloads that are gone. */
    void giveBack() throws IOException {
        originals.giveBack(ledger());
    }

    void keepAsGood(Wanted revision) throws IOException {
        good.save(revision);
    }

    Optional<Wanted> lastGood(String assignment) throws IOException {
        return good.load(assignment);
    }
}
