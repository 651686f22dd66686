package io.unitsmith.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private final List<String> said = new ArrayList<>();
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private final Watchdog watchdog = new Watchdog(said::add, alive::get);

    @Test
    void itIsReadyAfterTheFirstTurnAndNotBefore() {
        watchdog.beat();
        assertThat(said).containsExactly("WATCHDOG=1");

        watchdog.turned("1 workload");
        assertThat(said).last().isEqualTo("READY=1\nSTATUS=1 workload");
    }

    @Test
    void aLineIsSaidOnceUntilItChanges() {
        watchdog.turned("1 workload");
        watchdog.turned("1 workload");
        watchdog.turned("2 workloads");

        assertThat(said).containsExactly("READY=1\nSTATUS=1 workload", "STATUS=2 workloads");
    }

    @Test
    void aLoopThatDoesNotComeRoundIsNotSaidToBeAlive() {
        alive.set(false);
        watchdog.beat();

        assertThat(said).isEmpty();
    }

    @Test
    void aLineCannotSaySomethingElseToo() {
        watchdog.turned("first\nWATCHDOG=trigger" + "x".repeat(1000));

        assertThat(said).singleElement().satisfies(text -> {
            assertThat(text).startsWith("READY=1\nSTATUS=first WATCHDOG=trigger");
            assertThat(text.lines()).hasSize(2);
            assertThat(text.length()).isLessThan(300);
        });
    }

    @Test
    void systemdThatCannotBeToldDoesNotEndTheLoop() {
        Watchdog deaf = new Watchdog(
                assignments -> {
                    throw new IllegalStateException("no socket");
                },
                alive::get);

        deaf.turned("1 workload");
        deaf.beat();

        assertThat(said).isEmpty();
    }

    @Test
    void thePatienceIsThatOfTheEnvironmentIfItIsMeantForThisProcess() {
        assertThat(Watchdog.patience(Map.of("WATCHDOG_USEC", "60000000"), 7)).contains(Duration.ofSeconds(60));
        assertThat(Watchdog.patience(Map.of("WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "7"), 7))
                .isPresent();
        assertThat(Watchdog.patience(Map.of("WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "8"), 7))
                .isEmpty();
        assertThat(Watchdog.patience(Map.of(), 7)).isEmpty();
        assertThat(Watchdog.patience(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
    }
}
