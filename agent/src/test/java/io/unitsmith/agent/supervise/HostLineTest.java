package io.unitsmith.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostLineTest {

    @Test
    void countsWhatIsOnTheHost() {
        assertThat(HostLine.of(statuses(State.IDLE), null, null)).isEqualTo("1 workload");
        assertThat(HostLine.of(statuses(State.READY, State.MOUNTED, State.REMOVED, State.IDLE), null, null))
                .isEqualTo("3 workloads");
    }

    @Test
    void whatFailedIsSaid() {
        assertThat(HostLine.of(statuses(State.READY, State.FAILED), null, null))
                .isEqualTo("2 workloads, 1 of them failed");
    }

    @Test
    void troubleComesFirstAndTheClusterLast() {
        assertThat(HostLine.of(statuses(State.READY), "the API does not answer", "could not reload systemd"))
                .isEqualTo("could not reload systemd; it is tried again; 1 workload; the API does not answer");
    }

    private static List<HostAssignmentStatus> statuses(State... states) {
        return Stream.of(states)
                .map(state -> new HostAssignmentStatus(new Live("r", null, state, "now", null, null, null, null), null))
                .toList();
    }
}
