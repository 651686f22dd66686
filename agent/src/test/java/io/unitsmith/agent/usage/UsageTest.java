package io.unitsmith.agent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.MemoryUse;
import io.unitsmith.agent.usage.Usage.Running;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.agent.workload.Use.Counts;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UsageTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void whatAMasterHasCountedBeforeItWasLookedAtIsNobodys() {
        Usage usage = Usage.since(running(7, 100, 3, 0)).then(running(7, 104, 4, 0), false, START);
        assertThat(usage.requests()).isEqualTo(4);
        assertThat(usage.slowRequests()).isEqualTo(1);
        assertThat(usage.starts()).isZero();
    }

    @Test
    void countsGoOnOverMastersAndReloads() {
        Usage usage = Usage.since(null)
                .then(running(7, 3, 1, 2), false, START)
                .then(running(7, 5, 2, 2), false, START)
                .then(running(7, 1, 0, 3), false, START.plusSeconds(1)) // reloaded
                .then(null, false, START)
                .then(running(8, 2, 1, 1), false, START);
        assertThat(usage.starts()).isEqualTo(2);
        assertThat(usage.requests()).isEqualTo(5 + 1 + 2);
        assertThat(usage.slowRequests()).isEqualTo(2 + 1);
        assertThat(usage.oomKills()).isEqualTo(3 + 1);
    }

    @Test
    void anIdleStopIsCountedAndIsNoUse() {
        Usage used = Usage.since(null).then(running(7, 3, 0, 0), false, START);
        Usage stopped =
                used.then(running(7, 3, 0, 0), true, START.plusSeconds(60)).then(null, false, START.plusSeconds(70));
        assertThat(stopped.idleStops()).isEqualTo(1);
        assertThat(stopped.lastActivity()).isEqualTo(START);
        assertThat(stopped.now()).isNull();
    }

    @Test
    void theLastActivityIsThatOfTheLastUseThatWasSeen() {
        Usage usage = Usage.since(running(7, 3, 0, 0));
        assertThat(usage.lastActivity()).as("it may be long ago").isNull();
        usage = usage.then(running(7, 3, 0, 0), false, START.plusSeconds(10));
        assertThat(usage.lastActivity()).isNull();
        usage = usage.then(running(7, 4, 0, 0), false, START.plusSeconds(20));
        assertThat(usage.lastActivity()).isEqualTo(START.plusSeconds(20));
        var busy = new Running(7, new Use(null, true, "4", Set.of(), new Counts(1, 0, 4, 0)), null);
        assertThat(usage.then(busy, false, START.plusSeconds(30)).lastActivity())
                .as("a long request")
                .isEqualTo(START.plusSeconds(30));
    }

    @Test
    void aKillIsNewsWhenItIsNoticed() {
        Usage usage = Usage.since(running(7, 0, 0, 5));
        assertThat(usage.lastOomKill()).as("of before").isNull();
        usage = usage.then(running(7, 0, 0, 6), false, START);
        usage = usage.then(running(7, 0, 0, 6), false, START.plusSeconds(10));
        assertThat(usage.lastOomKill()).isEqualTo(START);
        assertThat(usage.oomKills()).isEqualTo(1);
    }

    private static Running running(int pid, long requests, long slow, long kills) {
        var use = new Use(null, false, Long.toString(requests), Set.of(), new Counts(0, 1, requests, slow));
        return new Running(pid, use, new MemoryUse(1000, kills));
    }
}
