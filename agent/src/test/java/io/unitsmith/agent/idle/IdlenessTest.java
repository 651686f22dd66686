package io.unitsmith.agent.idle;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.workload.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdlenessTest {

    private static final String UNIT = "a.service";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Idleness idleness = new Idleness();

    @Test
    void whatNobodyUsesForItsTimeoutIsDue() {
        assertThat(due(0, idle("4"))).isFalse();
        assertThat(due(59, idle("4"))).isFalse();
        assertThat(due(60, idle("4"))).isTrue();
    }

    @Test
    void whatHasNoTimeoutIsNeverDue() {
        Use resting = new Use(null, false, "4", Set.of(), null);
        assertThat(due(0, resting)).isFalse();
        assertThat(due(1_000_000, resting)).isFalse();
    }

    @Test
    void everyUseBeginsTheTimeAnew() {
        due(0, idle("4"));
        due(50, idle("5"));
        assertThat(due(100, idle("5"))).isFalse();
        assertThat(due(110, idle("5"))).isTrue();
    }

    @Test
    void aUseThatIsUnderWayIsWaitedForHoweverLongItTakes() {
        due(0, idle("4"));
        assertThat(due(100, busy("4"))).isFalse();
        assertThat(due(200, busy("4"))).isFalse();
        assertThat(due(300, idle("4"))).isFalse();
        assertThat(due(360, idle("4"))).isTrue();
    }

    @Test
    void whatWasAwayMeanwhileBeginsAnew() {
        due(0, idle("4"));
        idleness.due(Map.of(), START.plusSeconds(30));
        assertThat(due(61, idle("4"))).isFalse();
    }

    @Test
    void aConnectionThatHasJustComeIsAUseThatTheMarkDoesNotShowYet() {
        due(0, idle("4", "kept"));
        assertThat(due(60, idle("4", "kept"))).isTrue();

        assertThat(idleness.isStillDue(UNIT, idle("4", "kept"))).isTrue();
        assertThat(idleness.isStillDue(UNIT, idle("4"))).isTrue();
        assertThat(idleness.isStillDue(UNIT, idle("4", "kept", "new"))).isFalse();
        assertThat(idleness.isStillDue(UNIT, idle("5", "kept"))).isFalse();
        assertThat(idleness.isStillDue(UNIT, busy("4"))).isFalse();
        assertThat(idleness.isStillDue("b.service", idle("4"))).isFalse();
    }

    private boolean due(int second, Use use) {
        return idleness.due(Map.of(UNIT, use), START.plusSeconds(second)).contains(UNIT);
    }

    private static Use idle(String mark, String... connections) {
        return new Use(Duration.ofSeconds(60), false, mark, Set.of(connections), null);
    }

    private static Use busy(String mark) {
        return new Use(Duration.ofSeconds(60), true, mark, Set.of(), null);
    }
}
