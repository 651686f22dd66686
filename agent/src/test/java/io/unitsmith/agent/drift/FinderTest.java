package io.unitsmith.agent.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.unitsmith.agent.drift.Difference.Kind;
import io.unitsmith.agent.drift.Surroundings.Foreign;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Situation;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.Rendering.Link;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FinderTest {

    private static final String CONFIG = "/etc/a.conf";
    private static final String LINK = "/etc/wants/a.socket";
    private static final String HASH = Names.hash("text");
    private static final Found APPLIED = new Found.RegularFile(HASH, 0600, true, 1001L);

    private final Map<String, Found> disk =
            new HashMap<>(Map.of(CONFIG, APPLIED, LINK, new Found.SymbolicLink("/etc/a@.socket")));
    private final Map<String, UnitState> units = new HashMap<>(Map.of("a.socket", state("a.socket", "active")));
    private final Map<String, List<Foreign>> foreign = new HashMap<>();
    private Set<String> stale = Set.of();
    private Map<String, Set<String>> outdated = Map.of();

    @Test
    void whatIsAsItWasAppliedDoesNotDifferHoweverIdle() {
        assertThat(find()).isEmpty();
    }

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of(new Found.Nothing(), "is missing"),
                Arguments.of(new Found.SymbolicLink("/dev/null"), "is a symbolic link to /dev/null"),
                Arguments.of(new Found.Other("a directory"), "is a directory"),
                Arguments.of(new Found.RegularFile("other", 0600, true, 1001L), "has other content"),
                Arguments.of(new Found.RegularFile(HASH, 0644, true, 1001L), "has mode 0644, not 0600"),
                Arguments.of(new Found.RegularFile(HASH, 0600, false, 1001L), "does not belong to root"),
                Arguments.of(new Found.RegularFile(HASH, 0600, true, null), "has lost the access of user alice"),
                Arguments.of(
                        new Found.RegularFile("other", 0666, true, 1001L),
                        "has other content and has mode 0666, not 0600"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileIsComparedInFull(Found found, String text) {
        disk.put(CONFIG, found);
        assertThat(find()).containsExactly(new Difference(Kind.ENTRY, CONFIG, CONFIG + " " + text));
    }

    static Stream<Arguments> links() {
        return Stream.of(
                Arguments.of(new Found.Nothing(), "is missing"),
                Arguments.of(new Found.SymbolicLink("/tmp/x"), "leads to /tmp/x, not to /etc/a@.socket"),
                Arguments.of(APPLIED, "is a regular file"));
    }

    @ParameterizedTest
    @MethodSource("links")
    void aLinkIsComparedWithItsTarget(Found found, String text) {
        disk.put(LINK, found);
        assertThat(find()).containsExactly(new Difference(Kind.ENTRY, LINK, LINK + " " + text));
    }

    @Test
    void aTriggerThatIsDownWasStoppedOrHasFailed() {
        units.put("a.socket", state("a.socket", "inactive"));
        assertThat(find()).containsExactly(new Difference(Kind.STOPPED, "a.socket", "a.socket is stopped"));

        units.put("a.socket", state("a.socket", "failed"));
        assertThat(find()).containsExactly(new Difference(Kind.FAILED, "a.socket", "a.socket failed"));

        units.put("a.socket", state("a.socket", "activating"));
        assertThat(find()).isEmpty();
    }

    @Test
    void aMaskIsSomebodysDoingAndADropInIsTheirs() {
        foreign.put("a.socket", List.of(new Foreign(Surroundings.Kind.MASK, "/run/a.socket")));
        foreign.put(
                "a.service",
                List.of(
                        new Foreign(Surroundings.Kind.DROP_IN, "/etc/a.service.d/x.conf"),
                        new Foreign(Surroundings.Kind.UNIT_FILE, "/etc/a.service")));
        assertThat(find())
                .extracting(Difference::kind, Difference::subject)
                .containsExactly(
                        tuple(Kind.MASK, "/run/a.socket"),
                        tuple(Kind.FOREIGN, "/etc/a.service.d/x.conf"),
                        tuple(Kind.FOREIGN, "/etc/a.service"));
    }

    @Test
    void whatIsRewrittenOrForeignIsNotCalledStaleBesides() {
        stale = Set.of("a.service");
        assertThat(find()).extracting(Difference::kind).containsExactly(Kind.STALE);

        foreign.put("a.service", List.of(new Foreign(Surroundings.Kind.DROP_IN, "/etc/a.service.d/x.conf")));
        assertThat(find()).extracting(Difference::kind).containsExactly(Kind.FOREIGN);

        foreign.clear();
        disk.put(CONFIG, new Found.Nothing());
        assertThat(find()).extracting(Difference::kind).containsExactly(Kind.ENTRY);
    }

    @Test
    void aServiceThatRunsWhatAnUpgradeHasReplacedIsOutdated() {
        outdated = Map.of("a.service", new TreeSet<>(Set.of("/usr/sbin/php-fpm8.4", "/usr/lib/php/opcache.so")));
        assertThat(find())
                .containsExactly(new Difference(
                        Kind.OUTDATED,
                        "a.service",
                        "a.service runs /usr/lib/php/opcache.so, /usr/sbin/php-fpm8.4 of before an upgrade"));
    }

    private List<Difference> find() {
        var rendering = new Rendering(
                List.of(
                        new File(CONFIG, Layer.CONFIG, Effect.RELOAD_PAYLOAD, "text", 0600, "alice"),
                        new Link(LINK, "/etc/a@.socket")),
                "a.socket",
                "a.service",
                Optional.empty());
        var workload = new WorkloadReference("PhpFpmPool", "demo", "a", "uid");
        var situation =
                new Situation(Ledger.EMPTY, disk, units, Map.of(), Map.of("alice", 1001L), Set.of(), Instant.EPOCH);
        return new Finder(situation, new Surroundings(foreign, stale, outdated))
                .find(new Wanted("a", workload, "r1", null, Set.of(), rendering, false, false));
    }

    private static UnitState state(String unit, String active) {
        return new UnitState(unit, "loaded", active, "", "success", null, 0);
    }
}
