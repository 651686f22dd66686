package io.unitsmith.agent.apply;

import io.unitsmith.agent.apply.Transaction.Failure;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Step;
import io.unitsmith.agent.plan.Step.Pair;
import io.unitsmith.agent.plan.Step.Unit;
import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.ReloadRefused;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps that are for systemd. What a unit does in fact is asked when its turn comes, not when the plan was made. */
final class UnitRunner {

    private static final Logger LOG = LoggerFactory.getLogger(UnitRunner.class);

    /** A graceful stop waits for running requests; what takes longer goes on, and is looked after by the next plan. */
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(60);

    /** A mount that does not answer takes its whole mountTimeout; its result shows in its state. */
    private static final Duration START_DEADLINE = Duration.ofSeconds(20);

    /** So long systemd gets for mounts: what goes on for longer waits for a server, and is seen by its state. */
    private static final Duration MOUNT_DEADLINE = Duration.ofSeconds(3);

    private final Systemd systemd;
    private final Unmounts unmounts;
    private final Function<String, UnmountPolicy> policies;
    private final Map<String, Failure> failures;
    private final Set<String> touched;

    /**
     * A runner for one transaction.
     *
     * @param policies how the mount of an assignment is taken away
     * @param failures is told what does not succeed, by assignment
     * @param touched is told the assignments of which a unit has changed
     */
    UnitRunner(
            Systemd systemd,
            Unmounts unmounts,
            Function<String, UnmountPolicy> policies,
            Map<String, Failure> failures,
            Set<String> touched) {
        this.systemd = systemd;
        this.unmounts = unmounts;
        this.policies = policies;
        this.failures = failures;
        this.touched = touched;
    }

    /** Who would be loaded from old files waits; nobody else has to. */
    void reloadSystemd(Set<String> units, Ledger intent) {
        if (!systemd.needsDaemonReload(units)) {
            return;
        }
        try {
            systemd.daemonReload();
        } catch (ReloadRefused e) {
            Set<String> stale = systemd.loadedFromOldFiles(units);
            Failure failure = new Failure(Problem.of(Reason.APPLY_FAILED, null, String.valueOf(e.getMessage())), true);
            intent.assignments().forEach((name, applied) -> {
                if (stale.stream().anyMatch(unit -> isOf(applied, unit))) {
                    touched.add(name);
                    failures.putIfAbsent(name, failure);
                }
            });
        }
    }

    /** One of its own, or one that it has a file for. */
    private static boolean isOf(Ledger.Applied applied, String unit) {
        return applied.trigger().equals(unit)
                || applied.payload().equals(unit)
                || applied.retiring().contains(unit)
                || applied.entries().stream().anyMatch(made -> made.path().contains("/" + unit));
    }

    void stop(List<Unit> units) {
        List<Unit> up = choose(units, state -> !isDown(state));
        run(Job.STOP, only(up, unit -> !isMount(unit)), STOP_DEADLINE);
        stopMounts(only(up, UnitRunner::isMount));
    }

    /** Of a mount whose server does not answer systemd's own stop comes to nothing, or goes on for ever. */
    private void stopMounts(List<Unit> mounts) {
        for (UnmountPolicy policy : List.of(UnmountPolicy.LAZY, UnmountPolicy.FORCE)) {
            unmounts.takeAway(policy, names(only(mounts, unit -> policy(unit) == policy)));
        }
        for (Unit unit : only(mounts, this::isToWaitForItsServer)) {
            Problem hangs = Problem.of(
                    Reason.MOUNT_HUNG,
                    null,
                    "%s is not unmounted while its server does not answer: it is when it does, or after umount --force --lazy on the host; spec.unmountPolicy: Force does not wait"
                            .formatted(unit.name()));
            failures.putIfAbsent(unit.assignment(), new Failure(hangs, true));
        }
        run(Job.STOP, only(mounts, unit -> !isToWaitForItsServer(unit)), MOUNT_DEADLINE);
    }

    private boolean isToWaitForItsServer(Unit unit) {
        return policy(unit) == UnmountPolicy.GRACEFUL && unmounts.isHung(unit.name());
    }

    private UnmountPolicy policy(Unit unit) {
        return policies.apply(unit.assignment());
    }

    private static boolean isMount(Unit unit) {
        return unit.name().endsWith(".mount");
    }

    private static List<Unit> only(List<Unit> units, Predicate<Unit> which) {
        return units.stream().filter(which).toList();
    }

    void start(List<Unit> units) {
        List<Unit> down = choose(units, state -> !state.isActive());
        Map<String, UnitState> states = states(down);
        down.stream()
                .map(Unit::name)
                .filter(name -> of(states, name).isFailed())
                .forEach(systemd::resetFailed);
        if (!down.isEmpty()) {
            down.forEach(unit -> touched.add(unit.assignment()));
            // One that does not start is no failure to apply: its state tells of it.
            start(only(down, unit -> !isMount(unit)), START_DEADLINE);
            start(only(down, UnitRunner::isMount), MOUNT_DEADLINE);
        }
    }

    private void start(List<Unit> units, Duration deadline) {
        if (!units.isEmpty()) {
            systemd.run(Job.START, names(units), deadline).forEach((unit, result) -> report(Job.START, unit, result));
        }
    }

    /** One that does not listen gets them when it is made. */
    void adjust(List<Unit> sockets) {
        List<Unit> listening = choose(sockets, UnitState::isActive);
        if (!listening.isEmpty()) {
            systemd.applyAccess(names(listening));
        }
    }

    void act(Step.Act act) {
        List<Unit> payloads = act.pairs().stream()
                .map(pair -> new Unit(pair.assignment(), pair.payload()))
                .toList();
        if (act.effect() == Effect.RELOAD_PAYLOAD) {
            run(Job.RELOAD, choose(payloads, UnitState::isActive), STOP_DEADLINE);
            return;
        }
        stop(payloads);
        if (act.effect() == Effect.RESTART_TRIGGER) {
            List<Unit> triggers = act.pairs().stream()
                    .filter(pair -> !pair.trigger().equals(pair.payload()))
                    .map(UnitRunner::trigger)
                    .toList();
            run(Job.RESTART, choose(triggers, state -> !isDown(state)), STOP_DEADLINE);
        }
    }

    private static Unit trigger(Pair pair) {
        return new Unit(pair.assignment(), pair.trigger());
    }

    private static boolean isDown(UnitState state) {
        return state.activeState().equals("inactive") || state.isFailed();
    }

    /** Of the units whose assignments have not failed yet, those in such a state. */
    private List<Unit> choose(List<Unit> units, Predicate<UnitState> state) {
        List<Unit> alive = units.stream()
                .filter(unit -> !failures.containsKey(unit.assignment()))
                .toList();
        Map<String, UnitState> states = states(alive);
        return alive.stream()
                .filter(unit -> state.test(of(states, unit.name())))
                .toList();
    }

    private Map<String, UnitState> states(List<Unit> units) {
        return units.isEmpty() ? Map.of() : systemd.states(names(units));
    }

    private static UnitState of(Map<String, UnitState> states, String unit) {
        return states.getOrDefault(unit, UnitState.absent(unit));
    }

    private static List<String> names(List<Unit> units) {
        return units.stream().map(Unit::name).distinct().toList();
    }

    private void run(Job job, List<Unit> units, Duration deadline) {
        if (units.isEmpty()) {
            return;
        }
        Map<String, Job.Result> results = systemd.run(job, names(units), deadline);
        for (Unit unit : units) {
            Job.Result result = results.get(unit.name());
            if (result != null) {
                report(job, unit.name(), result);
                if (result.done() || job != Job.STOP) {
                    touched.add(unit.assignment());
                }
                if (!result.done()) {
                    failures.putIfAbsent(
                            unit.assignment(), new Failure(problem(job, unit.name(), result), waits(unit, result)));
                }
            }
        }
    }

    /** What has not begun, or goes on, is not to be undone. */
    private boolean waits(Unit unit, Job.Result result) {
        return result.isPending() || !touched.contains(unit.assignment());
    }

    private Problem problem(Job job, String unit, Job.Result result) {
        if (job == Job.STOP && unit.endsWith(".mount")) {
            String holders = unmounts.holders(unit);
            return Problem.of(
                    Reason.MOUNT_BUSY,
                    null,
                    "%s could not be unmounted (%s): it is tried again until nothing uses it any more; %s"
                            .formatted(
                                    unit,
                                    result.text(),
                                    holders.isEmpty() ? "fuser -vm shows what does" : holders + " does"));
        }
        return Problem.of(Reason.APPLY_FAILED, null, "%s of %s: %s".formatted(word(job), unit, result.text()));
    }

    /** What did not go well is told by whoever hears of the failure. */
    private static void report(Job job, String unit, Job.Result result) {
        if (result.done()) {
            LOG.info("{} {}", word(job), unit);
        } else {
            LOG.debug("{} {}: {}", word(job), unit, result.text());
        }
    }

    private static String word(Job job) {
        return job.name().toLowerCase(Locale.ROOT);
    }
}
