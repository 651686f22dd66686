package io.unitsmith.agent.report;

import io.unitsmith.agent.report.Heartbeat.Standing;
import io.unitsmith.agent.source.DirectorySource;
import io.unitsmith.api.v1alpha1.HostAgentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nobody but this host: statuses stay here, and a removal that is done is at its end. */
public final class FolderOutlet implements Outlet {

    private final DirectorySource source;
    private final Map<String, HostStatus.Workload> before;

    /** @param before what the last agent said */
    public FolderOutlet(DirectorySource source, Map<String, HostStatus.Workload> before) {
        this.source = source;
        this.before = before;
    }

    /** Nobody else can have what this host is. */
    @Override
    public Standing standing() {
        return Standing.HOLDER;
    }

    @Override
    public @Nullable Instant credentialExpires() {
        return null;
    }

    @Override
    public @Nullable HostAssignmentStatus statusOf(String assignment) {
        HostStatus.@Nullable Workload workload = before.get(assignment);
        return workload == null ? null : workload.status();
    }

    @Override
    public void report(Map<String, HostAssignmentStatus> statuses, HostAgentStatus agent) {
        statuses.forEach((assignment, status) -> {
            if (status.live() != null && status.live().state() == State.REMOVED) {
                source.removed(assignment);
            }
        });
    }
}
