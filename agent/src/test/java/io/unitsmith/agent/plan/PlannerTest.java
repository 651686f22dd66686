package io.unitsmith.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
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
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static final File CONFIG = file("/etc/a.conf", Layer.CONFIG, Effect.RELOAD_PAYLOAD, "1");
    private static final File DROP_IN =
            file("/etc/systemd/system/a.service.d/x.conf", Layer.DROP_IN, Effect.REPLACE_PAYLOAD, "1");
    private static final File SLICE = file("/etc/systemd/system/u.slice", Layer.SLICE, Effect.NONE, "1");
    private static final File TEMPLATE =
            file("/etc/systemd/system/t@.socket", Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, "1");
    private static final Link LINK = new Link("/etc/systemd/system/x.wants/a.socket", "/etc/systemd/system/t@.socket");

    private final Map<String, Found> disk = new HashMap<>();
    private final Map<String, UnitState> units = new HashMap<>();
    private final Set<String> resting = new TreeSet<>();
    private Ledger ledger = Ledger.EMPTY;

    @Test
    void writesBeforeItStartsAndNothingBeforeWhatItRefersTo() {
        Plan plan = plan(wanted("a", "r1", LINK, TEMPLATE, DROP_IN, CONFIG));

        assertThat(plan.steps())
                .map(PlannerTest::text)
                .containsExactly(
                        "write /etc/a.conf",
                        "write /etc/systemd/system/a.service.d/x.conf",
                        "write /etc/systemd/system/t@.socket",
                        "write /etc/systemd/system/x.wants/a.socket",
                        "reload systemd for [a.service, a.socket]",
                        "RESTART_TRIGGER [a]", // of what runs, and nothing does
                        "start [a.socket]");
    }

    @Test
    void theIntentListsEverythingBeforeItIsThere() {
        Plan plan = plan(wanted("a", "r1", CONFIG, LINK));

        assertThat(plan.intent().owns("/etc/a.conf")).isTrue();
        assertThat(plan.intent().owns(LINK.path())).isTrue();
        assertThat(plan.intent().assignments().get("a").revision()).isNull();
        assertThat(plan.intent().assignments().get("a").pending()).isNotNull();
    }

    @Test
    void withEverythingAsItShouldBeThereIsNothingToDo() {
        applied(wanted("a", "r1", CONFIG, DROP_IN, TEMPLATE, LINK));

        Plan plan = plan(wanted("a", "r1", CONFIG, DROP_IN, TEMPLATE, LINK));
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.intent()).isEqualTo(ledger);
        assertThat(plan.commit(Set.of())).isEqualTo(ledger);
    }

    @Test
    void theStrongestEffectOfAllChangesWins() {
        applied(wanted("a", "r1", CONFIG, DROP_IN));
        File config = file(CONFIG.path(), Layer.CONFIG, Effect.RELOAD_PAYLOAD, "2");
        File dropIn = file(DROP_IN.path(), Layer.DROP_IN, Effect.REPLACE_PAYLOAD, "2");

        assertThat(plan(wanted("a", "r2", config, DROP_IN)).steps())
                .map(PlannerTest::text)
                .contains("RELOAD_PAYLOAD [a]")
                .doesNotContain("REPLACE_PAYLOAD [a]");
        assertThat(plan(wanted("a", "r2", config, dropIn)).steps())
                .map(PlannerTest::text)
                .contains("REPLACE_PAYLOAD [a]")
                .doesNotContain("RELOAD_PAYLOAD [a]");
    }

    @Test
    void whatAnEffectWasPromisedForIsDoneAfterAKill() {
        Wanted next = wanted("a", "r2", file(CONFIG.path(), Layer.CONFIG, Effect.RELOAD_PAYLOAD, "2"));
        applied(wanted("a", "r1", CONFIG));
        ledger = plan(next).intent();
        onDisk(next); // written, and killed before the reload

        assertThat(plan(next).steps()).map(PlannerTest::text).contains("RELOAD_PAYLOAD [a]");
    }

    @Test
    void aChangeOfWhatIsSharedConcernsAllThatShareIt() {
        applied(wanted("a", "r1", TEMPLATE));
        applied(wanted("b", "r1", TEMPLATE));
        File template = file(TEMPLATE.path(), Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, "2");

        assertThat(plan(wanted("a", "r2", template)).steps())
                .map(PlannerTest::text)
                .contains("RESTART_TRIGGER [a, b]");
    }

    @Test
    void aConfigurationThatIsNoLongerWantedGoesAfterTheUnitsHaveChangedOver() {
        applied(wanted("a", "r1", CONFIG, DROP_IN));
        File moved = file("/etc/b.conf", Layer.CONFIG, Effect.RELOAD_PAYLOAD, "1");
        File dropIn = file(DROP_IN.path(), Layer.DROP_IN, Effect.REPLACE_PAYLOAD, "2");

        assertThat(plan(wanted("a", "r2", moved, dropIn)).steps())
                .map(PlannerTest::text)
                .containsSubsequence("write /etc/b.conf", "REPLACE_PAYLOAD [a]", "delete /etc/a.conf");
    }

    @Test
    void aSliceIsReadAnewAndNothingInItNotices() {
        applied(wanted("a", "r1", SLICE));
        File lower = file(SLICE.path(), Layer.SLICE, Effect.NONE, "2");

        assertThat(plan(wanted("a", "r1", lower)).steps())
                .map(PlannerTest::text)
                .containsExactly(
                        "write " + SLICE.path(),
                        "reload systemd for [a.service, a.socket, u.slice]",
                        "start [a.socket]");
    }

    @Test
    void aSliceGoesWhenNothingRunsInItAnyMore() {
        applied(wanted("a", "r1", SLICE, DROP_IN));
        File other = file("/etc/systemd/system/v.slice", Layer.SLICE, Effect.NONE, "1");
        File dropIn = file(DROP_IN.path(), Layer.DROP_IN, Effect.REPLACE_PAYLOAD, "2");

        assertThat(plan(wanted("a", "r2", other, dropIn)).steps())
                .map(PlannerTest::text)
                .containsSubsequence(
                        "write " + other.path(),
                        "write " + DROP_IN.path(),
                        "REPLACE_PAYLOAD [a]",
                        "delete " + SLICE.path());
    }

    @Test
    void removalStopsAndThenDeletesInReverse() {
        applied(wanted("a", "r1", CONFIG, DROP_IN, TEMPLATE, LINK));

        assertThat(remove("a").steps())
                .map(PlannerTest::text)
                .containsExactly(
                        "stop [a.service]",
                        "stop [a.socket]",
                        "stop [a.service]",
                        "delete /etc/systemd/system/x.wants/a.socket",
                        "delete /etc/systemd/system/t@.socket",
                        "delete /etc/systemd/system/a.service.d/x.conf",
                        "delete /etc/a.conf",
                        "reload systemd for [a.service, a.socket]",
                        "forget [a.service, a.socket]");
    }

    /** What the service of its mount point does when it stops is not for what is mounted there. */
    @Test
    void whatGoesWithAMountThatIsItsOwnTriggerIsStoppedOnceThatIs() {
        File mount = file("/etc/systemd/system/m.mount", Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, "1");
        File point = file("/etc/systemd/system/point.service", Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, "1");
        applied(mounting("r1", mount, point));
        File other = file(mount.path(), Layer.TRIGGER_UNIT, Effect.RESTART_TRIGGER, "2");

        assertThat(plan(mounting("r2", other, point)).steps())
                .map(PlannerTest::text)
                .containsSubsequence(
                        "stop [m.mount]", "stop [point.service]", "write " + mount.path(), "start [m.mount]");
        assertThat(remove("a").steps())
                .map(PlannerTest::text)
                .containsSubsequence(
                        "stop [m.mount]",
                        "stop [point.service]",
                        "delete " + point.path(),
                        "forget [m.mount, point.service]");
    }

    @Test
    void removalLeavesWhatOthersShare() {
        applied(wanted("a", "r1", TEMPLATE));
        applied(wanted("b", "r1", TEMPLATE));

        assertThat(remove("a").steps()).map(PlannerTest::text).noneMatch(step -> step.startsWith("delete"));
        assertThat(remove("a", "b").steps()).map(PlannerTest::text).contains("delete " + TEMPLATE.path());
    }

    @Test
    void ofTwoThatWantTheSamePathDifferentlyTheFirstHasIt() {
        File other = file(CONFIG.path(), Layer.CONFIG, Effect.NONE, "other");
        Plan plan = plan(wanted("b", "r1", CONFIG), wanted("a", "r1", other));

        assertThat(plan.conflicts()).containsOnlyKeys("a");
        assertThat(plan.steps()).map(PlannerTest::text).containsOnlyOnce("write " + CONFIG.path());
    }

    @Test
    void aFileThatIsNotInTheLedgerIsNotTouched() {
        disk.put(CONFIG.path(), new Found.RegularFile(Names.hash("1"), 0644, true, null));
        Plan plan = plan(wanted("a", "r1", CONFIG));

        assertThat(plan.conflicts().get("a").reason()).isEqualTo("Conflict");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.intent()).isEqualTo(Ledger.EMPTY);
    }

    @Test
    void aTriggerThatIsDownIsStartedUnlessItRests() {
        applied(wanted("a", "r1", CONFIG));
        units.clear();
        assertThat(plan(wanted("a", "r1", CONFIG)).steps())
                .map(PlannerTest::text)
                .containsExactly("start [a.socket]");

        resting.add("a.socket");
        assertThat(plan(wanted("a", "r1", CONFIG)).steps()).isEmpty();
    }

    @Test
    void whatFailedKeepsItsOldRevisionAndItsPendingEffect() {
        applied(wanted("a", "r1", CONFIG));
        Plan plan = plan(wanted("a", "r2", file(CONFIG.path(), Layer.CONFIG, Effect.RELOAD_PAYLOAD, "2")));
        Ledger after = plan.commit(Set.of("a"));

        assertThat(after.assignments().get("a").revision()).isEqualTo("r1");
        assertThat(after.assignments().get("a").pending()).isEqualTo(Effect.RELOAD_PAYLOAD);
    }

    private Plan plan(Wanted... wanted) {
        return Planner.plan(new Goal(List.of(wanted), Set.of()), situation());
    }

    private Plan remove(String... assignments) {
        return Planner.plan(new Goal(List.of(), Set.of(assignments)), situation());
    }

    private Situation situation() {
        return new Situation(ledger, disk, units, Map.of(), Map.of(), resting, Instant.EPOCH);
    }

    /** As if this had been planned and carried out. */
    private void applied(Wanted wanted) {
        ledger = plan(wanted).commit(Set.of());
        onDisk(wanted);
        String trigger = wanted.rendering().trigger();
        units.put(trigger, new UnitState(trigger, "loaded", "active", "listening", "", null, 0));
    }

    private void onDisk(Wanted wanted) {
        for (Entry entry : wanted.rendering().entries()) {
            disk.put(
                    entry.path(),
                    switch (entry) {
                        case File file -> new Found.RegularFile(Names.hash(file.content()), file.mode(), true, null);
                        case Link link -> new Found.SymbolicLink(link.target());
                    });
        }
    }

    private static File file(String path, Layer layer, Effect effect, String content) {
        return new File(path, layer, effect, content, 0644, null);
    }

    /** One that is its own trigger. */
    private static Wanted mounting(String revision, Entry... entries) {
        var rendering = new Rendering(List.of(entries), "m.mount", "m.mount", Optional.empty());
        return new Wanted(
                "a",
                new WorkloadReference("RemoteMount", "demo", "a", "a"),
                revision,
                null,
                Set.of(),
                rendering,
                false,
                false);
    }

    private static Wanted wanted(String name, String revision, Entry... entries) {
        return new Wanted(
                name,
                new WorkloadReference("PhpFpmPool", "demo", name, name),
                revision,
                null,
                Set.of(),
                new Rendering(List.of(entries), name + ".socket", name + ".service", Optional.empty()),
                false,
                false);
    }

    private static String text(Step step) {
        return switch (step) {
            case Step.Write write -> "write " + write.entry().path();
            case Step.Delete delete -> "delete " + delete.entry().path();
            case Step.Stop stop -> "stop " + names(stop.units());
            case Step.Start start -> "start " + names(start.units());
            case Step.ReloadSystemd reload -> "reload systemd for " + reload.units();
            case Step.Adjust adjust -> "adjust " + names(adjust.sockets());
            case Step.Act act ->
                act.effect() + " "
                        + act.pairs().stream().map(Step.Pair::assignment).toList();
            case Step.Forget forget -> "forget " + forget.units();
        };
    }

    private static List<String> names(List<Step.Unit> units) {
        return units.stream().map(Step.Unit::name).toList();
    }
}
