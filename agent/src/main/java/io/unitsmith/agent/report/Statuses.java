package io.unitsmith.agent.report;

import io.unitsmith.agent.drift.Drift;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Staged;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Verdict;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the two halves of an assignment's status. Times move only when what they are of does. */
public final class Statuses {

    private static final int PROBLEM_LIMIT = 4;
    private static final int PLAN_LIMIT = 6;
    private static final int LINE_LIMIT = 120;

    /** One that is killed now and then is no news each time. */
    private static final Duration OOM_LASTS = Duration.ofHours(1);

    private static final String OOM =
            "the kernel has killed processes of this pool within the last hour, since its memory, or the host's, was used up, and the others went on:"
                    + " raise spec.resources.memoryMax, or the user's limit in the TenantPolicy,"
                    + " or lower PHP's memory_limit or spec.processManager.maxChildren;"
                    + " unitsmith_pool_oom_kills_total counts them";

    private final Clock clock;
    private final Instant started;

    public Statuses(Clock clock) {
        this.clock = clock;
        this.started = clock.instant();
    }

    /**
     * What is in force; all null where nothing is.
     *
     * @param phpVersion the exact one
     * @param hash of what was written for it
     */
    public record InForce(
            @Nullable String revision,
            @Nullable String secret,
            @Nullable String phpVersion,
            @Nullable String hash) {

        public static final InForce NOTHING = new InForce(null, null, null, null);
    }

    /**
     * How it fares.
     *
     * @param drift how far the host is from it; null if that is not known now
     * @param mount whether it is a mount, which is mounted or not
     * @param lastOomKill when a process of it was last killed for memory; null if none was seen to be
     */
    public record Seen(
            Health health,
            @Nullable Drift drift,
            boolean mount,
            @Nullable Instant lastOomKill) {}

    /**
     * What is enforced.
     *
     * @param previous what the status says now
     */
    public Live live(@Nullable Live previous, @Nullable Long generation, InForce inForce, Seen seen) {
        Health health = seen.health();
        boolean serves = !health.state().isTrouble() && health.state() != State.REMOVED;
        Conditions conditions = new Conditions(previous == null ? null : previous.conditions(), generation, clock)
                .set(Condition.READY, serves ? Condition.TRUE : Condition.FALSE, health.reason(), health.message());
        boolean mounted = health.state() == State.MOUNTED || health.state() == State.HUNG;
        if (seen.mount() && (serves || mounted)) {
            conditions.set(
                    Condition.MOUNTED, mounted ? Condition.TRUE : Condition.FALSE, health.reason(), health.message());
        }
        drift(conditions, previous, seen.drift());
        memory(conditions, previous, seen.lastOomKill());
        String since = previous != null && previous.state() == health.state()
                ? previous.since()
                : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        return new Live(
                inForce.revision(),
                inForce.secret(),
                health.state(),
                since,
                inForce.phpVersion(),
                inForce.hash(),
                conditions.toList(),
                null);
    }

    /** Nothing is left on the host. */
    public Live removed(@Nullable Live previous, @Nullable Long generation) {
        Health gone = new Health(State.REMOVED, Reason.REMOVED, "nothing of it is left on this host");
        return live(previous, generation, InForce.NOTHING, new Seen(gone, Drift.NONE, false, null));
    }

    /** One that has never drifted says nothing of it; what was said of a repair stays. */
    private static void drift(Conditions conditions, @Nullable Live previous, @Nullable Drift drift) {
        @Nullable
        Condition before = previous == null ? null : Conditions.find(previous.conditions(), Condition.DRIFTED);
        boolean news = drift != null && ((before != null && before.holds()) || !drift.equals(Drift.NONE));
        if (drift != null && news) {
            conditions.set(
                    Condition.DRIFTED,
                    drift.persists() ? Condition.TRUE : Condition.FALSE,
                    drift.reason(),
                    drift.message());
        } else if (before != null) {
            conditions.keep(before);
        }
    }

    /** Said once for as long as it goes on, not for each of them: an agent that is new goes by what was said. */
    private void memory(Conditions conditions, @Nullable Live previous, @Nullable Instant lastOomKill) {
        @Nullable
        Condition before = previous == null ? null : Conditions.find(previous.conditions(), Condition.OUT_OF_MEMORY);
        @Nullable Instant last = lastOomKill;
        if (last == null && before != null && before.holds()) {
            last = started; // when the last one was, nobody knows any more
        }
        if (last != null && clock.instant().isBefore(last.plus(OOM_LASTS))) {
            conditions.set(Condition.OUT_OF_MEMORY, Condition.TRUE, Reason.OUT_OF_MEMORY, OOM);
        } else if (before != null) {
            conditions.set(
                    Condition.OUT_OF_MEMORY,
                    Condition.FALSE,
                    Reason.NO_PROBLEMS,
                    "no process was killed for memory within the last hour");
        }
    }

    /** How a revision that stands in force, or none, fares since something stands against what is asked for. */
    public static Health failed(Problem problem) {
        for (Reason reason : Reason.values()) {
            if (reason.text().equals(problem.reason())) {
                return new Health(State.FAILED, reason, problem.text());
            }
        }
        throw new IllegalArgumentException(problem.reason() + " is no reason");
    }

    /** What stands against a revision. */
    public static Staged rejected(Content content, List<Problem> problems) {
        return new Staged(
                content.revision(),
                content.secret(),
                Verdict.REJECTED,
                null,
                null,
                problems.stream().limit(PROBLEM_LIMIT).toList());
    }

    /**
     * That a revision can be had, and what it would change.
     *
     * @param impact on what runs, in one word
     * @param plan what would be done, the most important first
     */
    public static Staged accepted(Content content, String impact, List<String> plan) {
        List<String> bounded = plan.stream()
                .limit(PLAN_LIMIT)
                .map(line -> Conditions.bounded(line, LINE_LIMIT))
                .toList();
        return new Staged(
                content.revision(),
                content.secret(),
                Verdict.ACCEPTED,
                impact,
                bounded.isEmpty() ? null : bounded,
                null);
    }
}
