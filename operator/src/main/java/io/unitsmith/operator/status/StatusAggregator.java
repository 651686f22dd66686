package io.unitsmith.operator.status;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.WorkloadState;
import io.unitsmith.api.v1alpha1.WorkloadStatus;
import io.unitsmith.operator.rollout.HostSituation;
import io.unitsmith.operator.status.HostView.Finding;
import io.unitsmith.operator.status.HostView.Wanted;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sums up all hosts of a workload. The counts are over all of them; only the list of problems is capped. */
public final class StatusAggregator {

    private static final int PROBLEM_LIMIT = 10;
    private static final int NAMED_HOSTS = 10;

    private final Clock clock;

    public StatusAggregator(Clock clock) {
        this.clock = clock;
    }

    /**
     * What is known of a workload.
     *
     * @param deleting whether the workload is on its way out; then no host is selected
     * @param revision the revision of its spec; null if that cannot be read
     * @param target the revision with its secret; null while that is not known
     * @param previous the status that it has now, from which unchanged times are taken
     */
    public record Knowledge(
            @Nullable Long generation,
            boolean deleting,
            @Nullable String revision,
            @Nullable Content target,
            List<Fault> faults,
            List<HostSituation> hosts,
            @Nullable WorkloadStatus previous) {}

    public Summary summarize(Knowledge known) {
        Wanted wanted = new Wanted(
                known.revision(), known.target() == null ? null : known.target().secret(), known.target() != null);
        List<HostView> hosts =
                known.hosts().stream().map(host -> new HostView(host, wanted)).toList();
        List<Finding> findings = findings(known.faults(), hosts);
        Picture picture = new Picture(known, hosts, counts(hosts), findings);
        @Nullable WorkloadStatus previous = known.previous();
        Conditions conditions =
                new Conditions(previous == null ? null : previous.conditions(), known.generation(), clock);
        ready(picture, conditions);
        degraded(picture, conditions);
        progressing(picture, conditions);
        List<Condition> made = conditions.toList();
        WorkloadState state = state(known, made);
        return new Summary(
                known.generation(),
                state,
                known.revision(),
                message(state, findings, made),
                picture.counts(),
                problems(findings, previous == null ? null : previous.problems()),
                made);
    }

    private record Picture(Knowledge known, List<HostView> hosts, Summary.Counts counts, List<Finding> findings) {

        private String named(Predicate<HostView> filter) {
            List<String> names =
                    hosts.stream().filter(filter).map(HostView::name).sorted().toList();
            return String.join(", ", names.subList(0, Math.min(names.size(), NAMED_HOSTS)))
                    + (names.size() > NAMED_HOSTS ? " and %d more".formatted(names.size() - NAMED_HOSTS) : "");
        }

        private int readyAndUpdated() {
            return count(hosts, host -> host.isReady() && host.isUpdated());
        }
    }

    private static Summary.Counts counts(List<HostView> hosts) {
        return new Summary.Counts(
                count(hosts, HostView::isDesired),
                count(hosts, HostView::isStaged),
                count(hosts, HostView::isUpdated),
                count(hosts, HostView::isReady),
                count(hosts, HostView::isIdle),
                count(hosts, HostView::isMounted),
                count(hosts, HostView::isFailed),
                count(hosts, HostView::isUnreachable),
                count(hosts, HostView::isRemoving));
    }

    private static int count(List<HostView> hosts, Predicate<HostView> filter) {
        return Math.toIntExact(hosts.stream().filter(filter).count());
    }

    private static List<Finding> findings(List<Fault> faults, List<HostView> hosts) {
        return Stream.concat(
                        faults.stream()
                                .map(fault -> new Finding(
                                        -1, "", fault.reason().text(), Conditions.bounded(fault.message()))),
                        hosts.stream().flatMap(host -> host.finding().stream()))
                .sorted(Comparator.comparingInt(Finding::severity).thenComparing(Finding::host))
                .toList();
    }

    private static void ready(Picture picture, Conditions conditions) {
        Summary.Counts counts = picture.counts();
        int ready = picture.readyAndUpdated();
        String share = "%d of %d hosts are ready at the current revision".formatted(ready, counts.desired());
        if (picture.known().deleting()) {
            String waiting = picture.named(HostView::isRemoving);
            conditions.set(
                    Condition.READY,
                    Condition.FALSE,
                    Reason.DELETING,
                    waiting.isEmpty() ? "removed from all hosts" : "being removed from " + waiting);
        } else if (counts.desired() == 0) {
            conditions.set(
                    Condition.READY,
                    Condition.FALSE,
                    Reason.NO_HOSTS_SELECTED,
                    "spec.hostSelector: no Host has these labels; see kubectl get hosts.unitsmith.io --show-labels");
        } else if (counts.unreachable() == counts.desired()) {
            conditions.set(Condition.READY, Condition.UNKNOWN, Reason.HOSTS_UNREACHABLE, "no host's agent is heard");
        } else if (ready == counts.desired()) {
            conditions.set(Condition.READY, Condition.TRUE, Reason.READY, share);
        } else if (picture.findings().stream().allMatch(Finding::serves)) {
            conditions.set(
                    Condition.READY,
                    Condition.FALSE,
                    Reason.PENDING,
                    share + "; waiting for " + picture.named(HostView::isUnderWay));
        } else {
            conditions.set(Condition.READY, Condition.FALSE, Reason.HOSTS_NOT_READY, share);
        }
    }

    private static void degraded(Picture picture, Conditions conditions) {
        Knowledge known = picture.known();
        Summary.Counts counts = picture.counts();
        if (known.faults().isEmpty() && counts.failed() == 0 && counts.unreachable() == 0) {
            conditions.set(Condition.DEGRADED, Condition.FALSE, Reason.NO_PROBLEMS, "no host is failed or unreachable");
            return;
        }
        Reason reason = !known.faults().isEmpty()
                ? known.faults().getFirst().reason()
                : counts.failed() > 0 ? Reason.HOSTS_FAILED : Reason.HOSTS_UNREACHABLE;
        conditions.set(
                Condition.DEGRADED,
                Condition.TRUE,
                reason,
                text(picture.findings().getFirst()));
    }

    private static void progressing(Picture picture, Conditions conditions) {
        boolean underWay =
                picture.known().target() != null && picture.hosts().stream().anyMatch(HostView::isUnderWay);
        if (picture.known().deleting()) {
            conditions.set(Condition.PROGRESSING, Condition.TRUE, Reason.DELETING, "the workload is being deleted");
        } else if (underWay) {
            conditions.set(
                    Condition.PROGRESSING,
                    Condition.TRUE,
                    Reason.ROLLING_OUT,
                    "revision %s is on its way to %s"
                            .formatted(picture.known().revision(), picture.named(HostView::isUnderWay)));
        } else {
            conditions.set(Condition.PROGRESSING, Condition.FALSE, Reason.UP_TO_DATE, "nothing is under way");
        }
    }

    private static WorkloadState state(Knowledge known, List<Condition> conditions) {
        if (known.deleting()) {
            return WorkloadState.DELETING;
        }
        if (holds(conditions, Condition.PROGRESSING)) {
            return WorkloadState.PROGRESSING;
        }
        if (holds(conditions, Condition.DEGRADED)) {
            return WorkloadState.DEGRADED;
        }
        return holds(conditions, Condition.READY) ? WorkloadState.READY : WorkloadState.PENDING;
    }

    private static boolean holds(List<Condition> conditions, String type) {
        @Nullable Condition condition = Conditions.find(conditions, type);
        return condition != null && condition.holds();
    }

    /** The worst problem; without any, what is being waited for. */
    private static String message(WorkloadState state, List<Finding> findings, List<Condition> conditions) {
        if (!findings.isEmpty() && state != WorkloadState.DELETING) {
            return text(findings.getFirst());
        }
        @Nullable Condition ready = Conditions.find(conditions, Condition.READY);
        return ready == null ? "" : ready.message();
    }

    private static String text(Finding finding) {
        return Conditions.bounded(
                finding.host().isEmpty() ? finding.message() : "host " + finding.host() + ": " + finding.message());
    }

    private List<HostProblem> problems(List<Finding> findings, @Nullable List<HostProblem> previous) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        List<HostProblem> before = previous == null ? List.of() : previous;
        return findings.stream()
                .limit(PROBLEM_LIMIT)
                .map(finding -> new HostProblem(
                        finding.host(),
                        finding.reason(),
                        finding.message(),
                        before.stream()
                                .filter(problem -> problem.host().equals(finding.host())
                                        && problem.reason().equals(finding.reason()))
                                .map(HostProblem::since)
                                .findFirst()
                                .orElse(now)))
                .collect(Collectors.toUnmodifiableList());
    }
}
