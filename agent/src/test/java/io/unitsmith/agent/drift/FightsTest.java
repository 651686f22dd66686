package io.unitsmith.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FightsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Version FIRST = new Version(1L, "r1");

    private final TestClock clock = new TestClock();
    private final Fights fights = new Fights(clock);

    @Test
    void threeRepairsOfOneFileWithinTenMinutesAreAContentionWithTheirTimes() {
        repairAt(0, "a");
        repairAt(299, "a");
        assertThat(fights.contention("shop", FIRST)).isEmpty();

        repairAt(600, "a");
        assertThat(fights.contention("shop", FIRST))
                .contains(new Fights.Contention("a", List.of(START, START.plusSeconds(299), START.plusSeconds(600))));
    }

    @Test
    void oneSecondMoreIsNone() {
        repairAt(0, "a");
        repairAt(299, "a");
        repairAt(601, "a");
        assertThat(fights.contention("shop", FIRST)).isEmpty();
    }

    @Test
    void repairsOfSeveralFilesAreNone() {
        repairAt(0, "a");
        repairAt(1, "b");
        repairAt(2, "c");
        assertThat(fights.contention("shop", FIRST)).isEmpty();
    }

    @Test
    void aContentionLastsUntilSomethingElseIsAskedFor() {
        repairAt(0, "a");
        repairAt(0, "a");
        repairAt(0, "a");
        clock.set(START.plus(Duration.ofDays(1)));
        assertThat(fights.contention("shop", FIRST)).isPresent();
        assertThat(fights.contention("blog", FIRST)).isEmpty();

        Version second = new Version(2L, "r1");
        assertThat(fights.contention("shop", second)).isEmpty();
        fights.repaired("shop", second, "a");
        assertThat(fights.contention("shop", second))
                .as("the count begins anew")
                .isEmpty();
    }

    @Test
    void whatIsAssignedNoMoreIsForgotten() {
        repairAt(0, "a");
        repairAt(0, "a");
        repairAt(0, "a");
        fights.keepOnly(Set.of("blog"));
        assertThat(fights.contention("shop", FIRST)).isEmpty();
    }

    private void repairAt(int second, String subject) {
        clock.set(START.plusSeconds(second));
        fights.repaired("shop", FIRST, subject);
    }
}
