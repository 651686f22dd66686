package io.unitsmith.agent.supervise;

import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a host fares, in one line: what `systemctl status unitsmith-agent` shows. */
public final class HostLine {

    private HostLine() {}

    /**
     * The line.
     *
     * @param statuses of every assignment
     * @param standing how the agent stands with the cluster, if there is something to say of that
     * @param trouble why the last turn came to nothing; null if it did not
     */
    public static String of(
            Collection<HostAssignmentStatus> statuses, @Nullable String standing, @Nullable String trouble) {
        List<State> states = statuses.stream()
                .map(HostAssignmentStatus::live)
                .filter(Objects::nonNull)
                .map(Live::state)
                .filter(state -> state != State.REMOVED)
                .toList();
        long failed = states.stream().filter(state -> state == State.FAILED).count();
        long hung = states.stream().filter(state -> state == State.HUNG).count();
        List<String> parts = new ArrayList<>();
        if (trouble != null) {
            parts.add(trouble + "; it is tried again");
        }
        parts.add(states.size()
                + (states.size() == 1 ? " workload" : " workloads")
                + (failed == 0 ? "" : ", " + failed + " of them failed")
                + (hung == 0 ? "" : ", " + hung + " of them " + (hung == 1 ? "hangs" : "hang")));
        if (standing != null) {
            parts.add(standing);
        }
        return String.join("; ", parts);
    }
}
