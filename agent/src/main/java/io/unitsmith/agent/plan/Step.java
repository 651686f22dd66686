package io.unitsmith.agent.plan;

import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
import java.util.List;
import java.util.Set;

/** One thing to do. A step that fails fails the assignments that it is for, and no others. */
public sealed interface Step {

    /** Stop units, all at once. Until they are stopped nothing else happens to their assignments. */
    record Stop(List<Unit> units) implements Step {}

    /** Remove what was made at a path, if each of these assignments got this far. */
    record Delete(Set<String> assignments, Made entry) implements Step {}

    /** Write an entry, if any of these assignments got this far. */
    record Write(Set<String> assignments, Entry entry) implements Step {}

    /** Have systemd read its files again, if one of these units is loaded from files that have changed since. */
    record ReloadSystemd(Set<String> units) implements Step {}

    /** Give sockets that listen the group and the mode that their units say. */
    record Adjust(List<Unit> sockets) implements Step {}

    /** Do to the units what their changed files ask for; what does not run is left alone. */
    record Act(Effect effect, List<Pair> pairs) implements Step {}

    /** Start those of the units that are not active, all at once. */
    record Start(List<Unit> units) implements Step {}

    /** Forget that units ever failed: those that are gone, so that systemd unloads them, or that are others now. */
    record Forget(Set<String> units) implements Step {}

    /** A unit, and the assignment that it is for. */
    record Unit(String assignment, String name) {}

    /** An assignment's trigger and payload. */
    record Pair(String assignment, String trigger, String payload) {}
}
