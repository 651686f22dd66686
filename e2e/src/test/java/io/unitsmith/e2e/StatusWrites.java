package io.unitsmith.e2e;

import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.testbed.Testbed;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * How often a host's agent has written a status of an assignment, whether that changed it or not: the API server's own count,
 * which is of all hosts together, less the changes that are seen of other hosts.
 */
final class StatusWrites implements Watcher<HostAssignment>, AutoCloseable {

    private static final Pattern COUNT = Pattern.compile(
            "apiserver_request_total\\{[^}]*code=\"200\"[^}]*resource=\"hostassignments\"[^}]*subresource=\"status\"[^}]*verb=\"(?:APPLY|PATCH|PUT)\"[^}]*} (\\d+)");

    private final Testbed bed;
    private final String namespace;
    private final Map<String, Optional<Object>> statuses = new ConcurrentHashMap<>();
    private final AtomicLong elsewhere = new AtomicLong();
    private final long before;
    private final Watch watch;

    /** Begins to count. */
    StatusWrites(Testbed bed, String host) {
        this.bed = bed;
        this.namespace = Names.hostNamespace(host);
        this.before = ofAllHosts();
        this.watch =
                bed.client().resources(HostAssignment.class).inAnyNamespace().watch(this);
    }

    long count() {
        return ofAllHosts() - before - elsewhere.get();
    }

    private long ofAllHosts() {
        return COUNT.matcher(bed.cluster().kubectl("get", "--raw", "/metrics").output())
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    @Override
    public void eventReceived(Action action, HostAssignment assignment) {
        Optional<Object> status = Optional.ofNullable(assignment.getStatus());
        Optional<Object> known = statuses.put(assignment.getMetadata().getUid(), status);
        if (known != null
                && !known.equals(status)
                && !assignment.getMetadata().getNamespace().equals(namespace)) {
            elsewhere.incrementAndGet();
        }
    }

    /** What is not seen after that counts as this host's: the count is too high, never too low. */
    @Override
    public void onClose(WatcherException cause) {}

    @Override
    public void close() {
        watch.close();
    }
}
