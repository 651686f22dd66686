package io.unitsmith.operator.rollout;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Staged;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Verdict;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.UserLimits;
import io.unitsmith.operator.policy.NotPermitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Hosts in all the states that a workload can be in there. */
public record Situations(HostSituation of) {

    public static final WorkloadReference SHOP = new WorkloadReference("PhpFpmPool", "customer-a", "shop", "uid-1");
    public static final Content OLD = content("shop-old");
    public static final Content NEW = content("shop-new");
    public static final String SILENT_SINCE = "2026-11-22T10:00:00Z";

    private static final String SINCE = "2026-11-22T09:00:00Z";

    /** A selected host that is heard, and has been asked for nothing. */
    public static Situations host(String name) {
        return new Situations(
                new HostSituation(name, true, new Presence.Heard(), null, Map.of(), null, null, List.of()));
    }

    public static Content content(String revision) {
        return new Content(revision, null, null, null);
    }

    public Situations deselected() {
        return with(false, of.presence(), of.refusal(), of.userLimits(), of.assignment(), of.report(), of.unread());
    }

    public Situations unreachable() {
        return in(new Presence.Unreachable(SILENT_SINCE));
    }

    public Situations in(Presence presence) {
        return with(of.selected(), presence, of.refusal(), of.userLimits(), of.assignment(), of.report(), of.unread());
    }

    public Situations refused() {
        NotPermitted refusal = new NotPermitted(Reason.NOT_PERMITTED, "spec.user", "spec.user: no");
        return with(of.selected(), of.presence(), refusal, of.userLimits(), of.assignment(), of.report(), of.unread());
    }

    /** From now on the policies say this of users. */
    public Situations limited(Map<String, UserLimits> userLimits) {
        return with(of.selected(), of.presence(), of.refusal(), userLimits, of.assignment(), of.report(), of.unread());
    }

    public Situations unread(String field) {
        return with(
                of.selected(),
                of.presence(),
                of.refusal(),
                of.userLimits(),
                of.assignment(),
                of.report(),
                List.of(field));
    }

    public Situations asked(@Nullable Content live, @Nullable Content staged) {
        return asked(live, staged, false);
    }

    public Situations askedToRemove() {
        return asked(OLD, null, true);
    }

    private Situations asked(@Nullable Content live, @Nullable Content staged, boolean remove) {
        return with(
                of.selected(),
                of.presence(),
                of.refusal(),
                of.userLimits(),
                new HostAssignmentSpec(SHOP, live, staged, of.userLimits(), remove),
                of.report(),
                of.unread());
    }

    public Situations accepts(Content content) {
        return says(live(), new Staged(content.revision(), content.secret(), Verdict.ACCEPTED, null, null, null));
    }

    public Situations rejects(Content content, Problem... problems) {
        return says(
                live(),
                new Staged(content.revision(), content.secret(), Verdict.REJECTED, null, null, List.of(problems)));
    }

    public Situations runs(Content content, State state) {
        return says(new Live(content.revision(), content.secret(), state, SINCE, null, null, null, null), staged());
    }

    public Situations fails(Content content, String reason, String message) {
        Condition ready = new Condition(Condition.READY, Condition.FALSE, reason, message, null, SINCE);
        return says(
                new Live(content.revision(), content.secret(), State.FAILED, SINCE, null, null, List.of(ready), null),
                staged());
    }

    public Situations hangs(Content content, String message) {
        Condition ready =
                new Condition(Condition.READY, Condition.FALSE, Reason.MOUNT_HUNG.text(), message, null, SINCE);
        return says(
                new Live(content.revision(), content.secret(), State.HUNG, SINCE, null, null, List.of(ready), null),
                staged());
    }

    /** Somebody has changed something there by hand. */
    public Situations drifts(Reason reason, String message) {
        return says(Condition.DRIFTED, reason, message);
    }

    /** A condition that holds, besides those that there are. */
    public Situations says(String condition, Reason reason, String message) {
        Live live = Objects.requireNonNull(live());
        List<Condition> conditions = new ArrayList<>(live.conditions() == null ? List.of() : live.conditions());
        conditions.add(new Condition(condition, Condition.TRUE, reason.text(), message, null, SINCE));
        return says(
                new Live(live.revision(), live.secret(), live.state(), live.since(), null, null, conditions, null),
                staged());
    }

    private Situations says(@Nullable Live live, @Nullable Staged staged) {
        return with(
                of.selected(),
                of.presence(),
                of.refusal(),
                of.userLimits(),
                of.assignment(),
                new HostAssignmentStatus(live, staged),
                of.unread());
    }

    private @Nullable Live live() {
        return of.report() == null ? null : of.report().live();
    }

    private @Nullable Staged staged() {
        return of.report() == null ? null : of.report().staged();
    }

    private Situations with(
            boolean selected,
            Presence presence,
            @Nullable NotPermitted refusal,
            Map<String, UserLimits> userLimits,
            @Nullable HostAssignmentSpec assignment,
            @Nullable HostAssignmentStatus report,
            List<String> unread) {
        return new Situations(
                new HostSituation(of.host(), selected, presence, refusal, userLimits, assignment, report, unread));
    }
}
