package io.unitsmith.agent.report;

import io.unitsmith.agent.report.Heartbeat.Standing;
import io.unitsmith.api.v1alpha1.HostAgentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where statuses go, and what is known of whom they go to. */
public interface Outlet {

    Standing standing();

    /** When the agent's credential expires; null where it needs none. */
    @Nullable
    Instant credentialExpires();

    /** The status that is there of an assignment, from before this process. */
    @Nullable
    HostAssignmentStatus statusOf(String assignment);

    void report(Map<String, HostAssignmentStatus> statuses, HostAgentStatus agent);
}
