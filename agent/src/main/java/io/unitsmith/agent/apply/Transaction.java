package io.unitsmith.agent.apply;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.plan.Step;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a plan out. The ledger says what is going to be there before anything is, so wherever it is cut off, the next
 * plan starts from the truth.
 */
public final class Transaction {

    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final AtomicFiles files;
    private final LedgerStore store;
    private final Systemd systemd;
    private final Unmounts unmounts;
    private final Map<String, Long> uids;
    private final Map<String, Failure> failures = new HashMap<>();

    /** The assignments of which anything on the host has changed. */
    private final Set<String> touched = new HashSet<>();

    /**
     * Makes a transaction for one plan.
     *
     * @param uids the users that files are to be readable by
     */
    public Transaction(
            AtomicFiles files, LedgerStore store, Systemd systemd, Unmounts unmounts, Map<String, Long> uids) {
        this.files = files;
        this.store = store;
        this.systemd = systemd;
        this.unmounts = unmounts;
        this.uids = uids;
    }

    /**
     * What became of a plan.
     *
     * @param failures why an assignment's steps did not all succeed
     */
    public record Outcome(Ledger ledger, Map<String, Failure> failures) {}

    /**
     * Why an assignment's steps did not all succeed.
     *
     * @param held whether it only has to wait, for somebody who uses it to be done: there is nothing to undo
     */
    public record Failure(Problem problem, boolean held) {}

    /**
     * Does what the plan says, as far as it can be done.
     *
     * @param ledger what is on disk now
     */
    public Outcome run(Plan plan, Ledger ledger) throws IOException {
        Ledger intent = plan.intent().withFolders(foldersThen(plan));
        save(intent, ledger);
        var units = new UnitRunner(systemd, unmounts, name -> policy(intent, name), failures, touched);
        writes(plan).forEach(this::prepare);
        for (Step step : plan.steps()) {
            LOG.debug("{}", step);
            switch (step) {
                case Step.Write write -> write(write);
                case Step.Delete delete -> delete(delete);
                case Step.Stop stop -> units.stop(stop.units());
                case Step.Adjust adjust -> units.adjust(adjust.sockets());
                case Step.Act act -> units.act(act);
                case Step.Start start -> units.start(start.units());
                case Step.ReloadSystemd reload -> reloadSystemd(units, reload.units(), intent);
                case Step.Forget forget -> forget.units().forEach(systemd::resetFailed);
            }
        }
        Ledger committed =
                untouched(plan.commit(failures.keySet()), ledger).withFolders(removeEmptyFolders(intent.folders()));
        save(committed, intent);
        return new Outcome(committed, Map.copyOf(failures));
    }

    private static UnmountPolicy policy(Ledger intent, String assignment) {
        @Nullable Applied applied = intent.assignments().get(assignment);
        return applied == null || applied.unmount() == null ? UnmountPolicy.GRACEFUL : applied.unmount();
    }

    /** Limits that a killed agent has left behind would count for more than what is read now. */
    private void reloadSystemd(UnitRunner runner, Set<String> units, Ledger intent) throws IOException {
        Set<String> slices = new TreeSet<>(units);
        slices.removeIf(unit -> !unit.endsWith(".slice"));
        forgetLimits(slices);
        runner.reloadSystemd(units, intent);
        slices.removeIf(
                slice -> !Files.exists(files.at(UnitFile.FOLDER + "/" + slice))); // such a one goes with what is in it
        if (!slices.isEmpty()) {
            systemd.applyLimits(slices);
            forgetLimits(slices);
        }
    }

    private void forgetLimits(Set<String> slices) throws IOException {
        for (String slice : slices) {
            String folder = Systemd.CONTROL + slice + ".d";
            if (Files.isDirectory(files.at(folder))) {
                for (String limit : Systemd.LIMITS) {
                    files.delete(folder + "/" + limit);
                }
                files.removeFolder(folder);
            }
        }
    }

    /** What failed before anything of it was changed is as it was. */
    private Ledger untouched(Ledger committed, Ledger before) {
        Ledger ledger = committed;
        for (String name : failures.keySet()) {
            if (!touched.contains(name)) {
                @Nullable Applied was = before.assignments().get(name);
                ledger = was == null ? ledger.without(name) : ledger.with(name, was);
            }
        }
        return ledger;
    }

    private void save(Ledger next, Ledger onDisk) throws IOException {
        if (!next.equals(onDisk)) {
            store.save(next);
        }
    }

    private Set<String> foldersThen(Plan plan) {
        Set<String> folders = new TreeSet<>(plan.intent().folders());
        writes(plan)
                .forEach(write ->
                        folders.addAll(files.missingFolders(write.entry().path())));
        return folders;
    }

    private static List<Step.Write> writes(Plan plan) {
        return plan.steps().stream()
                .filter(Step.Write.class::isInstance)
                .map(Step.Write.class::cast)
                .toList();
    }

    /** All that is to be written is on the disk, under other names, before anything changes: a full disk undoes nothing. */
    private void prepare(Step.Write step) {
        Entry entry = step.entry();
        try {
            List<String> folders = files.missingFolders(entry.path());
            for (String folder : folders) {
                boolean secret = entry.layer() == Layer.CREDENTIAL && folder.equals(folders.getLast());
                files.makeFolder(folder, secret ? 0700 : 0755);
            }
            switch (entry) {
                case File file ->
                    files.prepare(
                            file.path(),
                            file.content().getBytes(StandardCharsets.UTF_8),
                            file.mode(),
                            file.readableBy() == null ? null : uids.get(file.readableBy()));
                case Link link -> files.prepareLink(link.path(), link.target());
            }
        } catch (IOException e) {
            fail(step.assignments(), "could not write " + entry.path(), e);
        }
    }

    private void write(Step.Write step) {
        String path = step.entry().path();
        if (failures.keySet().containsAll(step.assignments())) {
            discard(path);
            return;
        }
        touched.addAll(step.assignments());
        try {
            files.commit(path);
            LOG.info("wrote {}", path);
        } catch (IOException e) {
            fail(step.assignments(), "could not write " + path, e);
            discard(path);
        }
    }

    private void discard(String path) {
        try {
            files.discard(path);
        } catch (IOException e) {
            LOG.warn("what was prepared for {} is left until the agent starts again: {}", path, e.getMessage());
        }
    }

    private void delete(Step.Delete step) {
        if (step.assignments().stream().anyMatch(failures::containsKey)) {
            return;
        }
        touched.addAll(step.assignments());
        try {
            files.delete(step.entry().path());
            LOG.info("removed {}", step.entry().path());
        } catch (IOException e) {
            fail(step.assignments(), "could not remove " + step.entry().path(), e);
        }
    }

    private void fail(Set<String> assignments, String what, IOException e) {
        String message = what + ": " + e.getMessage();
        assignments.forEach(name ->
                failures.putIfAbsent(name, new Failure(Problem.of(Reason.APPLY_FAILED, null, message), false)));
    }

    /** Innermost first. Returns the folders that are still there. */
    private Set<String> removeEmptyFolders(Set<String> folders) {
        List<String> innermostFirst = new ArrayList<>(new TreeSet<>(folders).descendingSet());
        Set<String> left = new TreeSet<>(folders);
        for (String folder : innermostFirst) {
            try {
                if (files.removeFolder(folder)) {
                    left.remove(folder);
                }
            } catch (IOException e) {
                LOG.warn("could not remove the empty folder {}: {}", folder, e.getMessage());
            }
        }
        return left;
    }
}
