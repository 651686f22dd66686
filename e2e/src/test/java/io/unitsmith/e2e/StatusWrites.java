package io.unitsmith.e2e;

import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.testbed.Testbed;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often a host's agent changes the status of an assignment. The API server's own count is of all hosts together. */
final class StatusWrites implements Watcher<HostAssignment>, AutoCloseable {

    private final Map<String, Optional<Object>> statuses = new ConcurrentHashMap<>();
    private final AtomicInteger writes = new AtomicInteger();
    private final Watch watch;

    private StatusWrites(Testbed bed, String host) {
        watch = bed.client()
                .resources(HostAssignment.class)
                .inNamespace(Names.hostNamespace(host))
                .watch(this);
    }

    /** Begins to count. */
    static StatusWrites of(Testbed bed, String host) {
        return new StatusWrites(bed, host);
    }

    int count() {
        return writes.get();
    }

    @Override
    public void eventReceived(Action action, HostAssignment assignment) {
        Optional<Object> status = Optional.ofNullable(assignment.getStatus());
        Optional<Object> before = statuses.put(assignment.getMetadata().getName(), status);
        if (before != null && !Objects.equals(before, status)) {
            writes.incrementAndGet();
        }
    }

    @Override
    public void onClose(WatcherException cause) {
        if (cause != null) {
            // more than the bound: what was not seen cannot be counted
            writes.set(Integer.MAX_VALUE);
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
