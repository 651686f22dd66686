package io.unitsmith.agent.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unitsmith.agent.report.Heartbeat.Standing;
import io.unitsmith.agent.source.ClusterSource;
import io.unitsmith.api.v1alpha1.HostAgentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.Unread;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cluster, as far as it is told something. */
public final class ClusterOutlet implements Outlet {

    private static final ObjectMapper LENIENT = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);

    private final Heartbeat heartbeat;
    private final Reporter reporter;
    private final ClusterSource source;
    private final Map<String, HostStatus.Workload> before;

    /** @param before what the last agent said, for as long as the cluster has not been heard */
    public ClusterOutlet(
            Heartbeat heartbeat, Reporter reporter, ClusterSource source, Map<String, HostStatus.Workload> before) {
        this.heartbeat = heartbeat;
        this.reporter = reporter;
        this.source = source;
        this.before = before;
    }

    @Override
    public Standing standing() {
        return heartbeat.standing();
    }

    @Override
    public @Nullable Instant credentialExpires() {
        return heartbeat.credentialExpires();
    }

    @Override
    public @Nullable HostAssignmentStatus statusOf(String assignment) {
        if (source.isHeard()) {
            return statusInCluster(assignment);
        }
        HostStatus.@Nullable Workload workload = before.get(assignment);
        return workload == null ? null : workload.status();
    }

    /** One that another version has written, and this one cannot read, is as good as none. */
    private @Nullable HostAssignmentStatus statusInCluster(String assignment) {
        @Nullable Object status = source.statusOf(assignment);
        if (status == null) {
            return null;
        }
        try {
            HostAssignmentStatus read = LENIENT.convertValue(status, HostAssignmentStatus.class);
            if (Unread.in("status", read).isEmpty()) {
                reporter.known(assignment, read);
                return read;
            }
        } catch (IllegalArgumentException e) {
            // written anew below
        }
        return null;
    }

    /**
     * Nothing, for as long as it is not known what the cluster has: all that it has already would be written once more. An
     * object that was made anew under the same name has no status yet, whatever was written of it before.
     */
    @Override
    public void report(Map<String, HostAssignmentStatus> statuses, HostAgentStatus agent) {
        if (!source.isHeard()) {
            return;
        }
        statuses.forEach((assignment, status) -> {
            if (!reporter.knows(assignment)) {
                var _ = statusInCluster(assignment);
            }
            boolean empty = status.live() == null && status.staged() == null;
            if (!empty && source.statusOf(assignment) == null) {
                reporter.forget(assignment);
            }
        });
        if (source.statusOfHostAgent() == null) {
            reporter.forgetAgent();
        }
        reporter.report(statuses, agent);
    }
}
