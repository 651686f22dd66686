package io.unitsmith.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.agent.facts.Processes;
import io.unitsmith.agent.facts.Processes.Child;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolUseTest {

    private static final String IDLE = "idle: {enabled: true, timeout: 1m30s}";
    private static final Processes NONE = new Processes(Map.of());

    @Test
    void itIsNeverStoppedWhereThatIsSwitchedOff() {
        PhpFpmPoolSpec never = spec("idle: {enabled: false, timeout: 30s}");
        assertThat(PoolUse.of(never, service("Ready to handle connections", 7), NONE)
                        .timeout())
                .isNull();
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

    @ParameterizedTest
    @ValueSource(strings = {"", "Processes active: 0, idle: 1, Requests: %d, slow: 0, Traffic: 0.20req/sec"})
    void whoAsksForTheStatusAtItsSocketIsNoUse(String text) {
        PhpFpmPoolSpec spec = spec(IDLE + "\nmonitoring: {statusPath: /status}");
        Child worker = child("2 0 101 7");
        Use idle = PoolUse.of(spec, service(text.formatted(4), 7), new Processes(Map.of(9, worker)));
        var status = new Child("php-fpm: pool a.b_status", "1 1 100 3", Set.of("socket:[5]"));
        Use asked = PoolUse.of(spec, service(text.formatted(5), 7), new Processes(Map.of(8, status, 9, worker)));
        assertThat(asked.mark()).isEqualTo(idle.mark());
        assertThat(asked.busy()).isFalse();
        assertThat(asked.connections()).isEmpty();

        Use used = PoolUse.of(spec, service(text.formatted(5), 7), new Processes(Map.of(9, child("2 0 101 8"))));
        assertThat(used.mark()).isNotEqualTo(idle.mark());
    }

    @Test
    void whatAMasterCountsIsTold() {
        assertThat(use("Processes active: 2, idle: 3, Requests: 40, slow: 1, Traffic: 0.20req/sec", 7, NONE)
                        .counts())
                .isEqualTo(new Use.Counts(2, 3, 40, 1));
        assertThat(use("Ready to handle connections", 7, NONE).counts()).isNull();
        assertThat(use("", 7, NONE).counts()).isNull();
        assertThat(use("Processes active: 0, idle: 1, Requests: 18446744073709551615, slow: 0, …", 7, NONE)
                        .counts())
                .as("what no PHP-FPM has counted")
                .isNull();
    }

    @Test
    void whereTheStatusHasNoSocketOfItsOwnItsRequestsAreUse() {
        PhpFpmPoolSpec spec = spec(IDLE + "\nmonitoring: {statusPath: /status, statusSocket: false}");
        Processes same = new Processes(Map.of(9, child("2 0 101 7")));
        assertThat(PoolUse.of(spec, service("Processes active: 0, idle: 1, Requests: 5, slow: 0, …", 7), same))
                .isNotEqualTo(
                        PoolUse.of(spec, service("Processes active: 0, idle: 1, Requests: 4, slow: 0, …", 7), same));
    }

    private static Child child(String work, String... sockets) {
        return new Child("php-fpm: pool a.b", work, Set.of(sockets));
    }

    private static Use use(String text, int pid, Processes processes) {
        return PoolUse.of(spec(IDLE), service(text, pid), processes);
    }

    private static PhpFpmPoolSpec spec(String more) {
        return Serialization.unmarshal("user: alice\nphpVersion: '8.4'\n" + more, PhpFpmPoolSpec.class);
    }

    private static UnitState service(String text, int pid) {
        return new UnitState("unitsmith-fpm@a.b.service", "loaded", "active", "running", "success", text, pid);
    }
}
