package io.unitsmith.agent.source;

import io.unitsmith.agent.source.Manifests.Reading;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The desired state from a folder of manifests, for a host without a cluster. Only a mark of {@link Deletions} removes: a
 * manifest that is gone, or that cannot be read, leaves on the host what it was of, and without the folder all stays as it
 * was last known.
 */
public final class DirectorySource implements Source, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DirectorySource.class);

    private final ManifestFolder folder;
    private final Deletions deletions;
    private final LastKnownState lastKnown;
    private volatile Runnable listener = () -> {};
    private volatile List<String> faults = List.of();
    private @Nullable ManifestWatch watch;
    private @Nullable Snapshot known;

    public DirectorySource(ManifestFolder folder, Deletions deletions, LastKnownState lastKnown) {
        this.folder = folder;
        this.deletions = deletions;
        this.lastKnown = lastKnown;
    }

    /** Begins to watch. */
    public void start(List<Path> folders) throws IOException {
        watch = new ManifestWatch(folders, () -> listener.run());
    }

    @Override
    public synchronized DesiredState current() throws IOException {
        List<String> found = new ArrayList<>();
        Snapshot snapshot = look(found);
        lastKnown.save(snapshot);
        known = snapshot;
        tell(List.copyOf(found));
        return DesiredState.of(snapshot);
    }

    /** The same for somebody who only wants to know: nothing is written down. */
    public synchronized Snapshot look() throws IOException {
        return look(new ArrayList<>());
    }

    private Snapshot look(List<String> found) throws IOException {
        Map<String, WorkloadReference> removals = deletions.all();
        Optional<Snapshot> read = readFolder(found);
        return Assigning.without(read.isPresent() ? read.get() : known(), removals.values());
    }

    private Snapshot known() throws IOException {
        return known != null ? known : lastKnown.load().orElse(Snapshot.EMPTY);
    }

    private Optional<Snapshot> readFolder(List<String> found) {
        try {
            Optional<Reading> reading = folder.read();
            if (reading.isEmpty()) {
                found.add(folder.path() + " is not there: what was last known stays in force");
            }
            reading.ifPresent(read -> found.addAll(read.faults()));
            return reading.map(Reading::workloads).map(Assigning::snapshot);
        } catch (IOException e) {
            found.add("%s cannot be read: %s; what was last known stays in force"
                    .formatted(folder.path(), e.getMessage()));
            return Optional.empty();
        }
    }

    private void tell(List<String> now) {
        now.stream().filter(fault -> !faults.contains(fault)).forEach(LOG::warn);
        faults = now;
    }

    /** What is wrong with the folder and its files; that of the last {@link #current}. */
    public List<String> faults() {
        return faults;
    }

    /** The removal is done. The mark stays where a file still defines the workload, or may do so, which would bring it back. */
    public synchronized void removed(String assignment) {
        try {
            Optional<Reading> reading = folder.read();
            boolean gone = reading.isPresent()
                    && reading.get().faults().isEmpty()
                    && reading.get().documents().stream()
                            .noneMatch(document ->
                                    Assigning.name(document.workload()).equals(assignment));
            if (gone) {
                deletions.unmark(assignment);
            }
        } catch (IOException e) {
            LOG.warn("the mark of a deletion could not be taken away, it is tried again: {}", e.getMessage());
        }
    }

    @Override
    public void onChange(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public void close() throws IOException {
        if (watch != null) {
            watch.close();
        }
    }
}
