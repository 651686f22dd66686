package io.unitsmith.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.Processes;
import io.unitsmith.agent.facts.Processes.Child;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec.Idle;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolUseTest {

    private static final Idle IDLE = new Idle(true, "1m30s");
    private static final Processes NONE = new Processes(Map.of());

    @Test
    void itIsNeverStoppedWhereThatIsSwitchedOff() {
        assertThat(PoolUse.of(new Idle(false, "30s"), service("Ready to handle connections", 7), NONE))
                .isEmpty();
    }

    @Test
    void theTimeoutIsThatOfTheSpec() {
        assertThat(use("", 7, NONE).timeout()).isEqualTo(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Processes active: 0, idle: 0, Requests: 4, slow: 0, Traffic: 0.00req/sec | false",
                "Processes active: 0, idle: 20, Requests: 123456, slow: 7, Traffic: 0.2req/sec | false",
                "Processes active: 1, idle: 0, Requests: 4, slow: 0, Traffic: 0.00req/sec | true",
                "Processes active: 10, idle: 0, Requests: 4, slow: 0, Traffic: 0.00req/sec | true",
                "Ready to handle connections | true",
                "something else of a later PHP | true"
            })
    void aMasterSaysItselfWhetherItIsAtWork(String text, boolean busy) {
        assertThat(use(text, 7, NONE).busy()).isEqualTo(busy);
    }

    @Test
    void everyRequestAndEveryOtherMasterChangesTheMark() {
        String mark = use("Processes active: 0, idle: 1, Requests: 4, slow: 0, Traffic: 0.20req/sec", 7, NONE)
                .mark();
        assertThat(use("Processes active: 0, idle: 0, Requests: 4, slow: 0, Traffic: 0.00req/sec", 7, NONE)
                        .mark())
                .as("what is no request")
                .isEqualTo(mark);
        assertThat(use("Processes active: 0, idle: 1, Requests: 5, slow: 0, Traffic: 0.20req/sec", 7, NONE)
                        .mark())
                .isNotEqualTo(mark);
        assertThat(use("Processes active: 0, idle: 1, Requests: 4, slow: 0, Traffic: 0.20req/sec", 8, NONE)
                        .mark())
                .isNotEqualTo(mark);
    }

    @Test
    void ofAMasterThatSaysNothingItsProcessesTell() {
        Use idle = use("", 7, new Processes(Map.of(8, child("1 1 100"), 9, child("2 0 101"))));
        assertThat(idle.busy()).isFalse();
        assertThat(use("", 7, new Processes(Map.of(9, child("2 0 101"), 8, child("1 1 100")))))
                .isEqualTo(idle);
        assertThat(use("", 7, new Processes(Map.of(8, child("1 2 100"), 9, child("2 0 101"))))
                        .mark())
                .as("one has worked")
                .isNotEqualTo(idle.mark());

        Use busy = use("", 7, new Processes(Map.of(8, child("1 1 100", "socket:[5]"), 9, child("2 0 101"))));
        assertThat(busy.busy()).as("one has a connection").isTrue();
        assertThat(busy.connections()).containsExactly("socket:[5]");
    }

    private static Child child(String ticks, String... sockets) {
        return new Child(ticks, Set.of(sockets));
    }

    private static Use use(String text, int pid, Processes processes) {
        return PoolUse.of(IDLE, service(text, pid), processes).orElseThrow();
    }

    private static UnitState service(String text, int pid) {
        return new UnitState("unitsmith-fpm@a.b.service", "loaded", "active", "running", "success", text, pid);
    }
}
