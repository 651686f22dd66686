package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {

    private static final String THEN = "2026-01-01T00:00:00Z";
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-01-02T00:00:00.123Z"), ZoneOffset.UTC);

    private final List<Condition> previous =
            List.of(new Condition(Condition.READY, Condition.TRUE, "Ready", "fine", 1L, THEN));

    @Test
    void theTransitionTimeStaysWhileTheStatusDoes() {
        Condition same = set(Condition.TRUE);
        assertThat(same.lastTransitionTime()).isEqualTo(THEN);
        assertThat(same.message()).isEqualTo("new words");
        assertThat(same.observedGeneration()).isEqualTo(2);
    }

    @Test
    void theTransitionTimeMovesWithTheStatusInWholeSeconds() {
        assertThat(set(Condition.FALSE).lastTransitionTime()).isEqualTo("2026-01-02T00:00:00Z");
    }

    @Test
    void aLongMessageIsCut() {
        assertThat(Conditions.bounded("x".repeat(2000))).hasSize(1024).endsWith("x…");
        assertThat(Conditions.bounded("x".repeat(1024))).hasSize(1024).endsWith("x");
    }

    private Condition set(String status) {
        return new Conditions(previous, 2L, NOW)
                .set(Condition.READY, status, Reason.UNIT_FAILED, "new words")
                .toList()
                .getFirst();
    }
}
