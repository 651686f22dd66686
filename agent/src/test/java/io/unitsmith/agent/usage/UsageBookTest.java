package io.unitsmith.agent.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.TestClock;
import io.unitsmith.agent.facts.ControlGroups;
import io.unitsmith.agent.idle.IdleStops.Outcome;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.agent.workload.Use.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageBookTest {

    private static final String UNIT = "unitsmith-fpm@demo.shop.service";

    @TempDir
    private Path root = Path.of("");

    private UsageBook book;

    @BeforeEach
    void aMasterWithKillsOfBefore() throws IOException {
        book = new UsageBook(new ControlGroups(root), new TestClock());
        Files.createDirectories(root.resolve("proc/7"));
        Files.writeString(root.resolve("proc/7/cgroup"), "0::/shop\n");
        memory(3);
    }

    @Test
    void aChangeThatIsUnderWayCountsNothingTwice() throws IOException {
        Usage first = seen(900);
        assertThat(first.requests()).isZero();
        book.turn(List.of(state("active", 7)), new Outcome(Map.of(), Set.of()));
        Usage after = seen(902);
        assertThat(after.requests()).isEqualTo(2);
        assertThat(after.starts()).isZero();
        assertThat(after.oomKills()).isZero();
        assertThat(after.lastOomKill()).isNull();
    }

    @Test
    void whatIsFirstSeenInAChangeIsLookedAtForTheFirstTimeAfterIt() {
        book.turn(List.of(state("active", 7)), new Outcome(Map.of(), Set.of()));
        assertThat(seen(900))
                .extracting(Usage::starts, Usage::requests, Usage::oomKills)
                .containsExactly(0L, 0L, 0L);
    }

    @Test
    void memoryThatCannotBeReadForOnceIsNoNews() throws IOException {
        seen(1);
        Files.delete(root.resolve("sys/fs/cgroup/shop/memory.current"));
        assertThat(seen(1).now().memory()).isNotNull();
        memory(3);
        assertThat(seen(1).oomKills()).isZero();
        memory(4);
        assertThat(seen(1).oomKills()).isEqualTo(1);
    }

    @Test
    void aPoolThatIsIdleFromTheBeginningHasItsFirstStartCounted() throws IOException {
        Usage idle = book.turn(List.of(state("inactive", 0)), new Outcome(Map.of(), Set.of()))
                .get(UNIT);
        assertThat(idle.starts()).isZero();
        assertThat(seen(2)).extracting(Usage::starts, Usage::requests).containsExactly(1L, 2L);
        assertThat(book.turn(List.of(), new Outcome(Map.of(), Set.of()))).isEmpty();
    }

    @Test
    void nothingIsCountedOfAMount() {
        var mount = new UnitState("srv-files.mount", "loaded", "inactive", "dead", "success", null, 0);
        assertThat(book.turn(List.of(mount), new Outcome(Map.of(), Set.of()))).isEmpty();
    }

    private Usage seen(long requests) {
        var use = new Use(null, false, "" + requests, Set.of(), new Counts(0, 1, requests, 0));
        return book.turn(List.of(state("active", 7)), new Outcome(Map.of(UNIT, use), Set.of()))
                .get(UNIT);
    }

    private static UnitState state(String active, int pid) {
        return new UnitState(UNIT, "loaded", active, "", "success", "", pid);
    }

    private void memory(int kills) throws IOException {
        Path group = Files.createDirectories(root.resolve("sys/fs/cgroup/shop"));
        Files.writeString(group.resolve("memory.current"), "1000\n");
        Files.writeString(group.resolve("memory.events"), "oom_kill " + kills + "\n");
    }
}
