package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Proof;
import io.unitsmith.agent.unit.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether what was well before a change is so after it. Nothing is touched to find out. */
public sealed interface Proving {

    /** A reload waits for running requests; a master that still has its old image then is taken as it is. */
    Duration LONGEST = Duration.ofSeconds(60);

    /** It is as it should be. */
    record Proved() implements Proving {}

    /** It cannot be told yet. */
    record Open() implements Proving {}

    /** This unit is not. */
    record Disproved(UnitState unit) implements Proving {}

    /**
     * Judges the proof that an assignment still has to give.
     *
     * @param there its units as they are now
     */
    static Proving judge(Applied applied, Situation there) {
        Proof proof = Objects.requireNonNull(applied.proof());
        UnitState trigger = there.unit(applied.trigger());
        UnitState payload = there.unit(applied.payload());
        boolean late = there.now().isAfter(Instant.parse(proof.since()).plus(LONGEST));
        boolean starts = trigger.activeState().equals("activating") && !late;
        Optional<UnitState> down = trigger.isActive() || starts ? failed(payload) : Optional.of(trigger);
        if (down.isPresent()) {
            return new Disproved(down.get());
        }
        boolean moves = List.of("activating", "deactivating").contains(payload.activeState());
        boolean old = payload.isActive()
                && proof.image() != null
                && proof.image().equals(there.images().get(payload.name()));
        return (starts || moves || old) && !late ? new Open() : new Proved();
    }

    private static Optional<UnitState> failed(UnitState payload) {
        return payload.isFailed() ? Optional.of(payload) : Optional.empty();
    }
}
