package io.unitsmith.operator.status;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Staged;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Verdict;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.operator.policy.NotPermitted;
import io.unitsmith.operator.rollout.HostSituation;
import io.unitsmith.operator.rollout.Presence;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How one host counts, and what is wrong there. */
final class HostView {

    /** Reasons of a Ready condition that is not True yet, but on its way. */
    private static final Set<String> UNDER_WAY = Set.of(Reason.PENDING.text(), Reason.ROLLING_OUT.text());

    private static final Set<State> SERVING = Set.of(State.READY, State.IDLE, State.MOUNTED);

    private final HostSituation host;
    private final Wanted wanted;
    private final @Nullable Live live;
    private final @Nullable Staged staged;
    private final Optional<Finding> finding;

    /** The revision that hosts are to have; any secret will do while it is not known which one is right. */
    record Wanted(@Nullable String revision, @Nullable String secret, boolean secretKnown) {

        boolean is(@Nullable String otherRevision, @Nullable String otherSecret) {
            return revision != null
                    && revision.equals(otherRevision)
                    && (!secretKnown || Objects.equals(secret, otherSecret));
        }
    }

    /** A problem, with its severity: the lower, the worse. */
    record Finding(int severity, String host, String reason, String message) {

        /** Something is wrong there, such as a drift, and the host serves all the same. */
        static final int SERVES = 5;

        boolean serves() {
            return severity == SERVES;
        }
    }

    HostView(HostSituation host, Wanted wanted) {
        this.host = host;
        this.wanted = wanted;
        this.live = host.report() == null ? null : host.report().live();
        this.staged = host.report() == null ? null : host.report().staged();
        this.finding = find();
    }

    String name() {
        return host.host();
    }

    boolean isDesired() {
        return host.selected();
    }

    boolean isUnreachable() {
        return host.selected() && !host.presence().isHeard() && !(host.presence() instanceof Presence.NotFound);
    }

    boolean isRemoving() {
        return host.assignment() != null
                && (!host.selected() || (host.presence().isHeard() && host.isRemoving()));
    }

    boolean isFailed() {
        return host.selected()
                && !isUnreachable()
                && !isRemoving()
                && finding.filter(found -> !found.serves()).isPresent();
    }

    boolean isReady() {
        return counts() && live != null && SERVING.contains(live.state());
    }

    boolean isIdle() {
        return isReady() && live != null && live.state() == State.IDLE;
    }

    boolean isMounted() {
        return isReady() && live != null && live.state() == State.MOUNTED;
    }

    boolean isUpdated() {
        return counts() && live != null && wanted.is(live.revision(), live.secret());
    }

    boolean isStaged() {
        return isUpdated()
                || (counts()
                        && staged != null
                        && staged.state() == Verdict.ACCEPTED
                        && wanted.is(staged.revision(), staged.secret()));
    }

    boolean isUnderWay() {
        return host.selected() && host.presence().isHeard() && !isFailed() && !isUpdated();
    }

    Optional<Finding> finding() {
        return finding;
    }

    /** Whether what the agent last said still says something about a host that is to have the workload. */
    private boolean counts() {
        return host.selected()
                && host.presence().isHeard()
                && !isRemoving()
                && host.unread().isEmpty();
    }

    private Optional<Finding> find() {
        return switch (host.presence()) {
            case Presence.NotFound _ ->
                found(
                        2,
                        Reason.HOST_NOT_FOUND.text(),
                        "spec.hostNames: there is no Host \"%s\"; make it, or take the name out".formatted(name()));
            case Presence.NotJoined _ ->
                found(
                        severityOfSilence(),
                        Reason.NOT_JOINED.text(),
                        "the host has not joined yet; its Secret %s in namespace %s has the kubeconfig for `unitsmith join`"
                                .formatted(Names.JOIN_SECRET, Names.hostNamespace(name())));
            case Presence.Unreachable(String lastHeartbeat) ->
                found(
                        severityOfSilence(),
                        Reason.AGENT_UNREACHABLE.text(),
                        "no heartbeat since %s; look at unitsmith-agent.service there%s"
                                .formatted(
                                        lastHeartbeat,
                                        host.selected() ? "" : "; what it has is removed once it is heard again"));
            case Presence.Heard _ -> findOnHeard();
        };
    }

    private int severityOfSilence() {
        return host.selected() ? 1 : 4;
    }

    private Optional<Finding> findOnHeard() {
        if (!host.unread().isEmpty()) {
            return found(
                    2,
                    Reason.NOT_UNDERSTOOD.text(),
                    "this version of the operator cannot read %s of the HostAssignment; upgrade the operator"
                            .formatted(String.join(", ", host.unread())));
        }
        if (live != null && live.state().isTrouble()) {
            return found(0, live);
        }
        @Nullable NotPermitted refusal = host.refusal();
        if (host.selected() && refusal != null) {
            return found(2, refusal.reason().text(), refusal.message());
        }
        if (host.selected()
                && staged != null
                && staged.state() == Verdict.REJECTED
                && wanted.is(staged.revision(), staged.secret())) {
            return rejected(staged);
        }
        @Nullable Condition ready = live == null ? null : Conditions.find(live.conditions(), Condition.READY);
        boolean wrong = ready != null && ready.status().equals(Condition.FALSE) && !UNDER_WAY.contains(ready.reason());
        if (wrong && live != null && live.state() != State.REMOVED) {
            return found(3, live);
        }
        List<Condition> notices = notices();
        return notices.isEmpty()
                ? Optional.empty()
                : found(Finding.SERVES, notices.getFirst().reason(), messages(notices));
    }

    /** What is wrong, and keeps nobody from being served. */
    private List<Condition> notices() {
        return Stream.of(Condition.OUT_OF_MEMORY, Condition.DRIFTED)
                .map(type -> live == null ? null : Conditions.find(live.conditions(), type))
                .filter(Objects::nonNull)
                .filter(condition -> host.selected() && condition.holds())
                .toList();
    }

    private static String messages(List<Condition> conditions) {
        return conditions.stream().map(Condition::message).collect(Collectors.joining("; "));
    }

    private Optional<Finding> rejected(Staged rejected) {
        List<Problem> problems = rejected.problems() == null ? List.of() : rejected.problems();
        return problems.isEmpty()
                ? found(3, Reason.INVALID.text(), "the host refuses revision %s".formatted(rejected.revision()))
                : found(
                        3,
                        problems.getFirst().reason(),
                        problems.stream().map(Problem::text).collect(Collectors.joining("; ")));
    }

    private Optional<Finding> found(int severity, Live state) {
        @Nullable Condition ready = Conditions.find(state.conditions(), Condition.READY);
        String also = notices().stream().map(notice -> "; " + notice.message()).collect(Collectors.joining());
        return ready == null
                ? found(severity, Reason.UNIT_FAILED.text(), "the host's agent says Failed, and not why" + also)
                : found(severity, ready.reason(), ready.message() + also);
    }

    private Optional<Finding> found(int severity, String reason, String message) {
        return Optional.of(new Finding(severity, name(), reason, Conditions.bounded(message)));
    }
}
