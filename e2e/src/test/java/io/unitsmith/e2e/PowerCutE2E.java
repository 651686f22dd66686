package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Machine;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * A machine loses its power while workloads are created, edited, switched to another PHP and deleted, several at once.
 * Whatever was reported as applied is there when it is up again; every other change is there in full or not at all.
 */
@Tag("soak")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BesideTheOthers
class PowerCutE2E {

    private static final String NOT_SYNCED = "/root/not-synced";

    private final Counts cuts = Counts.of("power cuts during applies", 3, 20);
    private final FileServer nas = FileServer.start(Run.test(), "nas");
    private final Machine machine = Machine.start(Run.test(), "mortal", "trixie");
    private final Applies applies = new Applies(machine, nas);

    @RegisterExtension
    final TestExecutionExceptionHandler evidence = (context, failure) -> {
        try {
            System.out.println(machine.journal("unitsmith-agent"));
        } catch (RuntimeException e) {
            failure.addSuppressed(e); // it may be down
        }
        throw failure;
    };

    @AfterAll
    void cleanUp() {
        machine.remove();
        nas.close();
    }

    @Test
    @Timeout(3600)
    void whatWasAppliedSurvivesAndNothingIsHalfApplied() {
        long seed = Long.getLong("unitsmith.seed", System.nanoTime());
        System.out.println("power cuts with -Dunitsmith.seed=" + seed);
        Random random = new Random(seed);
        AfterCut.recordAtBoot(machine);
        List<HostState> undisturbed = applies.runUndisturbed();
        int changes = applies.changes() / 2;

        int inTwo = 0;
        int state = 0;
        for (int cut = 1; cut <= cuts.count(); cut++) {
            int acknowledged = cutPower(state, 1 + random.nextInt(changes), random.nextInt(200));
            state = Applies.next(acknowledged);
            inTwo += recovers(undisturbed.get(acknowledged), undisturbed.get(state)) ? 1 : 0;
            applies.apply(state);
            assertThat(HostState.of(machine).changesSince(undisturbed.get(state)))
                    .as("cut %d: what differs from an undisturbed apply of state %d", cut, state)
                    .isEmpty();
        }
        cuts.result("0 lost, 0 half-applied; %d cut a change in two".formatted(inTwo));
    }

    /** Some changes into a run of applies, and a little later. Returns the last state that was reported as applied. */
    private int cutPower(int from, int changes, int milliseconds) {
        // as slow as a disk that turns, so that cuts find writes under way; until the machine goes down
        machine.exec("systemctl", "set-property", "--runtime", "unitsmith-agent.service", "IOWriteIOPSMax=/dev/ubda 50")
                .output();
        int before = applies.changes();
        // not on the common pool: the tests beside this one, and their client, are on it
        CompletableFuture<Result> run =
                CompletableFuture.supplyAsync(() -> applies.runFrom(from), Thread::startVirtualThread);
        applies.awaitChanges(before + changes, milliseconds, NOT_SYNCED);
        machine.powerCut();
        Result cutOff = run.join();
        assertThat(cutOff.exitCode())
                .as("the machine was to go down in the midst of %s", cutOff)
                .isNotIn(0, Applies.FAILED);
        machine.powerOn();
        assertThat(machine.exec("cat", NOT_SYNCED).stdout())
                .as("what nobody has synced, after a true power cut")
                .isEmpty();
        machine.exec("rm", "--force", NOT_SYNCED).output();
        return cutOff.stdout().lines().map(Integer::valueOf).reduce(from, (earlier, later) -> later);
    }

    /** Returns whether there was something to be recovered from. */
    private boolean recovers(HostState before, HostState after) {
        AfterCut found = AfterCut.of(machine);
        assertThat(found.faults(before, after))
                .as("what the agent found when it was started")
                .isEmpty();
        awaitWhole(before, after);
        return found.isBetween(before, after);
    }

    /** By itself: nobody has to apply anything again. */
    private void awaitWhole(HostState before, HostState after) {
        until(
                "the agent has finished or undone what the cut had cut in two",
                Duration.ofSeconds(60),
                () -> halfApplied(before, after).isEmpty(),
                () -> String.join("\n", halfApplied(before, after)));
    }

    private List<String> halfApplied(HostState before, HostState after) {
        HostState now = HostState.of(machine);
        List<String> faults = new ArrayList<>(AfterCut.leftovers(machine));
        for (String object : Applies.OBJECTS) {
            HostState part = now.about(object);
            if (!part.equals(before.about(object)) && !part.equals(after.about(object))) {
                faults.add(object + " is neither as it was nor as it is to be, which differs in");
                faults.addAll(part.changesSince(after.about(object)));
            }
        }
        return faults;
    }
}
