package io.unitsmith.operator.status;

import static io.unitsmith.operator.rollout.Situations.NEW;
import static io.unitsmith.operator.rollout.Situations.OLD;
import static io.unitsmith.operator.rollout.Situations.SILENT_SINCE;
import static io.unitsmith.operator.rollout.Situations.host;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.WorkloadState;
import io.unitsmith.operator.rollout.HostSituation;
import io.unitsmith.operator.rollout.Presence;
import io.unitsmith.operator.rollout.Situations;
import io.unitsmith.operator.status.StatusAggregator.Knowledge;
import io.unitsmith.operator.workload.PhpFpmPools;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusAggregatorTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Problem NO_USER = Problem.of(Reason.USER_NOT_FOUND, "spec.user", "no such user");

    @Test
    void hostsThatServeTheCurrentRevisionAreReady() {
        Summary summary = summarize(running("web-1", NEW, State.IDLE), running("web-2", NEW, State.READY));
        assertThat(summary.state()).isEqualTo(WorkloadState.READY);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(2, 2, 2, 2, 1, 0, 0, 0, 0));
        assertThat(summary.problems()).isEmpty();
        assertCondition(summary, Condition.READY, Condition.TRUE, Reason.READY);
        assertCondition(summary, Condition.DEGRADED, Condition.FALSE, Reason.NO_PROBLEMS);
        assertCondition(summary, Condition.PROGRESSING, Condition.FALSE, Reason.UP_TO_DATE);
    }

    @Test
    void aHostWhereAMountHangsHasFailed() {
        Summary summary = summarize(
                running("web-1", NEW, State.MOUNTED),
                host("web-2").asked(NEW, null).hangs(NEW, "no answer"));
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(2, 2, 2, 1, 0, 1, 1, 0, 0));
        assertThat(summary.message()).isEqualTo("host web-2: no answer");
        assertThat(summary.problems()).extracting(HostProblem::reason).containsExactly("MountHung");
        assertCondition(summary, Condition.DEGRADED, Condition.TRUE, Reason.HOSTS_FAILED);
    }

    @Test
    void aHostThatHasSaidNothingYetHidesNoneOfTheOthers() {
        Summary summary = summarize(host("a-new"), running("web-1", NEW, State.MOUNTED));
        assertThat(summary.state()).isEqualTo(WorkloadState.PROGRESSING);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(2, 1, 1, 1, 0, 1, 0, 0, 0));
        assertCondition(summary, Condition.READY, Condition.FALSE, Reason.PENDING);
        assertThat(summary.message()).contains("waiting for a-new");
    }

    @Test
    void anOldRevisionServesButIsNotReadyForTheSpec() {
        Summary summary = summarize(running("web-1", OLD, State.READY).asked(OLD, NEW));
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(1, 0, 0, 1, 0, 0, 0, 0, 0));
        assertCondition(summary, Condition.READY, Condition.FALSE, Reason.PENDING);
        assertThat(summarize(running("web-1", OLD, State.READY).asked(OLD, NEW).accepts(NEW))
                        .counts()
                        .staged())
                .isEqualTo(1);
    }

    @Test
    void aRefusedRevisionIsAProblemAndTheOldOneGoesOnServing() {
        Summary summary =
                summarize(running("web-1", OLD, State.READY).asked(OLD, NEW).rejects(NEW, NO_USER));
        assertThat(summary.state()).isEqualTo(WorkloadState.DEGRADED);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(1, 0, 0, 1, 0, 0, 1, 0, 0));
        assertThat(summary.message()).isEqualTo("host web-1: spec.user: no such user");
        assertThat(summary.problems())
                .containsExactly(new HostProblem("web-1", "UserNotFound", "spec.user: no such user", NOW.toString()));
        assertCondition(summary, Condition.DEGRADED, Condition.TRUE, Reason.HOSTS_FAILED);
    }

    @Test
    void aRefusalOfAnEarlierRevisionIsForgotten() {
        Summary summary =
                summarize(running("web-1", OLD, State.READY).asked(OLD, NEW).rejects(OLD, NO_USER));
        assertThat(summary.problems()).isEmpty();
        assertThat(summary.state()).isEqualTo(WorkloadState.PROGRESSING);
    }

    @Test
    void aFailedHostIsToldInItsAgentsWords() {
        Summary summary = summarize(host("web-1").asked(NEW, null).fails(NEW, "UnitFailed", "php-fpm exited: 78"));
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(1, 1, 1, 0, 0, 0, 1, 0, 0));
        assertThat(summary.problems())
                .extracting(HostProblem::reason, HostProblem::message)
                .containsExactly(tuple("UnitFailed", "php-fpm exited: 78"));
    }

    @Test
    void aHostThatDriftedAndServesIsAProblemAndNotAFailure() {
        Summary summary = summarize(
                running("web-1", NEW, State.IDLE).drifts(Reason.DRIFTED, "/etc/x is missing"),
                running("web-2", NEW, State.READY));
        assertThat(summary.state()).isEqualTo(WorkloadState.READY);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(2, 2, 2, 2, 1, 0, 0, 0, 0));
        assertThat(summary.problems())
                .containsExactly(new HostProblem("web-1", "Drifted", "/etc/x is missing", NOW.toString()));
        assertThat(summary.message()).isEqualTo("host web-1: /etc/x is missing");
        assertCondition(summary, Condition.READY, Condition.TRUE, Reason.READY);
        assertCondition(summary, Condition.DEGRADED, Condition.FALSE, Reason.NO_PROBLEMS);
    }

    @Test
    void aHostWhoseWorkersAreKilledForMemoryServesAndIsAProblem() {
        Summary summary = summarize(running("web-1", NEW, State.READY)
                .drifts(Reason.DRIFTED, "/etc/x is missing")
                .says(Condition.OUT_OF_MEMORY, Reason.OUT_OF_MEMORY, "raise it"));
        assertThat(summary.state()).isEqualTo(WorkloadState.READY);
        assertThat(summary.counts().failed()).isZero();
        assertThat(summary.problems())
                .containsExactly(
                        new HostProblem("web-1", "OutOfMemory", "raise it; /etc/x is missing", NOW.toString()));
    }

    @Test
    void aHostThatFailedSaysThatItDriftedToo() {
        Summary summary = summarize(host("web-1")
                .asked(NEW, null)
                .fails(NEW, "UnitFailed", "a.socket is inactive")
                .drifts(Reason.CONTENDED, "a.socket is stopped again and again"));
        assertThat(summary.counts().failed()).isEqualTo(1);
        assertThat(summary.problems())
                .extracting(HostProblem::reason, HostProblem::message)
                .containsExactly(tuple("UnitFailed", "a.socket is inactive; a.socket is stopped again and again"));
    }

    @Test
    void driftIsTheLeastOfProblemsAndHoldsUpNoRollout() {
        Summary summary = summarize(
                running("web-1", NEW, State.READY).drifts(Reason.FOREIGN_DROP_IN, "a drop-in"),
                running("web-2", OLD, State.READY).asked(NEW, null));
        assertThat(summary.state()).isEqualTo(WorkloadState.PROGRESSING);
        assertCondition(summary, Condition.READY, Condition.FALSE, Reason.PENDING);

        summary = summarize(
                running("web-1", NEW, State.READY).drifts(Reason.FOREIGN_DROP_IN, "a drop-in"),
                host("web-2").asked(NEW, null).fails(NEW, "UnitFailed", "dead"));
        assertThat(summary.problems()).extracting(HostProblem::host).containsExactly("web-2", "web-1");
    }

    @Test
    void anUnreachableHostCountsAsThatAlone() {
        Summary summary =
                summarize(running("web-1", NEW, State.READY).unreachable(), running("web-2", NEW, State.READY));
        assertThat(summary.state()).isEqualTo(WorkloadState.DEGRADED);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(2, 1, 1, 1, 0, 0, 0, 1, 0));
        assertThat(summary.message()).contains("host web-1", SILENT_SINCE, "look at unitsmith-agent.service there");
        assertCondition(summary, Condition.DEGRADED, Condition.TRUE, Reason.HOSTS_UNREACHABLE);
        assertCondition(summary, Condition.READY, Condition.FALSE, Reason.HOSTS_NOT_READY);
    }

    @Test
    void nothingIsKnownWhenEveryHostIsUnreachable() {
        Summary summary = summarize(
                running("web-1", NEW, State.READY).unreachable(), host("web-2").in(new Presence.NotJoined()));
        assertCondition(summary, Condition.READY, Condition.UNKNOWN, Reason.HOSTS_UNREACHABLE);
        assertThat(summary.counts().unreachable()).isEqualTo(2);
        assertThat(summary.problems()).extracting(HostProblem::reason).containsExactly("AgentUnreachable", "NotJoined");
    }

    @Test
    void whatIsFrozenServesOnAndTheRefusalIsShown() {
        Summary summary = summarize(running("web-1", NEW, State.READY).refused());
        assertThat(summary.state()).isEqualTo(WorkloadState.DEGRADED);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(1, 1, 1, 1, 0, 0, 1, 0, 0));
        assertThat(summary.problems()).extracting(HostProblem::reason).containsExactly("NotPermitted");
    }

    @Test
    void aNameWithoutHostIsDesiredAndFailed() {
        Summary summary = summarize(host("nope").in(new Presence.NotFound()), running("web-1", NEW, State.READY));
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(2, 1, 1, 1, 0, 0, 1, 0, 0));
        assertThat(summary.message()).contains("host nope", "spec.hostNames");
    }

    @Test
    void aSelectionOfNothingIsPendingNotReady() {
        Summary summary = summarize();
        assertThat(summary.state()).isEqualTo(WorkloadState.PENDING);
        assertCondition(summary, Condition.READY, Condition.FALSE, Reason.NO_HOSTS_SELECTED);
    }

    @Test
    void aDeselectedHostIsRemovingAndNotDesired() {
        Summary summary = summarize(
                running("web-1", NEW, State.READY),
                running("web-2", NEW, State.READY).deselected().askedToRemove());
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(1, 1, 1, 1, 0, 0, 0, 0, 1));
        assertThat(summary.state()).isEqualTo(WorkloadState.READY);
    }

    @Test
    void aTombstoneOfADeadHostIsListedButDegradesNothing() {
        Summary summary = summarize(
                running("web-1", NEW, State.READY),
                running("web-2", NEW, State.READY).deselected().askedToRemove().unreachable());
        assertThat(summary.state()).isEqualTo(WorkloadState.READY);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(1, 1, 1, 1, 0, 0, 0, 0, 1));
        assertThat(summary.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("removed once it is heard again"));
    }

    @Test
    void aTombstoneIsTheLeastOfProblems() {
        Summary summary = summarize(
                host("web-1").deselected().askedToRemove().unreachable(),
                running("web-2", OLD, State.READY).asked(OLD, NEW).rejects(NEW, NO_USER));
        assertThat(summary.problems()).extracting(HostProblem::host).containsExactly("web-2", "web-1");
    }

    @Test
    void aSuccessorIsOnItsWayWhileItsTombstoneIsThere() {
        Summary summary = summarize(running("web-1", OLD, State.READY).askedToRemove());
        assertThat(summary.state()).isEqualTo(WorkloadState.PROGRESSING);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(1, 0, 0, 0, 0, 0, 0, 0, 1));
    }

    @Test
    void deletionSaysWhichHostsItWaitsFor() {
        List<Situations> hosts = List.of(
                running("web-2", NEW, State.READY).deselected().askedToRemove(),
                running("web-1", NEW, State.READY).deselected().askedToRemove().unreachable());
        Summary summary = summarize(new Knowledge(3L, true, null, null, List.of(), situations(hosts), null));
        assertThat(summary.state()).isEqualTo(WorkloadState.DELETING);
        assertThat(summary.message()).isEqualTo("being removed from web-1, web-2");
        assertThat(summary.counts().removing()).isEqualTo(2);
        assertCondition(summary, Condition.READY, Condition.FALSE, Reason.DELETING);
    }

    @Test
    void aMissingSecretIsTheWorkloadsProblemAndHostsGoOn() {
        Fault fault = new Fault(Reason.SECRET_NOT_FOUND, "there is no Secret \"s\"");
        Content withSecret = new Content(NEW.revision(), null, null, "shop-s1");
        Summary summary = summarize(new Knowledge(
                3L,
                false,
                NEW.revision(),
                null,
                List.of(fault),
                situations(List.of(host("web-1").asked(withSecret, null).runs(withSecret, State.READY), host("web-2"))),
                null));
        assertThat(summary.state()).isEqualTo(WorkloadState.DEGRADED);
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(2, 1, 1, 1, 0, 0, 0, 0, 0));
        assertThat(summary.message()).isEqualTo("there is no Secret \"s\"");
        assertCondition(summary, Condition.DEGRADED, Condition.TRUE, Reason.SECRET_NOT_FOUND);
        assertCondition(summary, Condition.PROGRESSING, Condition.FALSE, Reason.UP_TO_DATE);
    }

    @Test
    void anAssignmentThatCannotBeReadIsAProblemOfThatHostAlone() {
        Summary summary = summarize(
                running("web-0", NEW, State.READY).unread("status.live.state"), running("web-1", NEW, State.READY));
        assertThat(summary.counts()).isEqualTo(new Summary.Counts(2, 1, 1, 1, 0, 0, 1, 0, 0));
        assertThat(summary.problems()).extracting(HostProblem::reason).containsExactly("NotUnderstood");
        assertThat(summary.message()).contains("status.live.state");
    }

    @Test
    void countsAreOfAllHostsAndTheListHasTheTenWorst() {
        List<Situations> hosts = new ArrayList<>(IntStream.range(10, 30)
                .mapToObj(index -> running("web-" + index, NEW, State.READY).unreachable())
                .toList());
        Collections.reverse(hosts);
        hosts.add(host("web-99").asked(NEW, null).fails(NEW, "UnitFailed", "dead"));
        Summary summary = summarize(new Knowledge(3L, false, NEW.revision(), NEW, List.of(), situations(hosts), null));
        assertThat(summary.counts().unreachable()).isEqualTo(20);
        assertThat(summary.counts().failed()).isEqualTo(1);
        assertThat(summary.problems())
                .hasSize(10)
                .extracting(HostProblem::host)
                .startsWith("web-99", "web-10", "web-11")
                .endsWith("web-18");
        assertThat(summary.message()).isEqualTo("host web-99: dead");
    }

    @Test
    void everyTextFitsIntoAStatus() {
        Fault fault = new Fault(Reason.NOT_UNDERSTOOD, "x".repeat(5000));
        Situations verbose = host("web-1").asked(NEW, null).fails(NEW, "UnitFailed", "y".repeat(1024));
        Summary summary = summarize(
                new Knowledge(3L, false, NEW.revision(), NEW, List.of(fault), situations(List.of(verbose)), null));
        assertThat(summary.message()).hasSizeLessThanOrEqualTo(1024);
        assertThat(summary.problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem.message()).hasSizeLessThanOrEqualTo(1024));
    }

    @Test
    void whatHasNotChangedIsNotWrittenAnew() {
        Situations broken = running("web-1", OLD, State.READY).asked(OLD, NEW).rejects(NEW, NO_USER);
        Summary first = summarize(broken);
        var written = new PhpFpmPools().status("customer-a", "shop", first);
        Knowledge later =
                new Knowledge(3L, false, NEW.revision(), NEW, List.of(), situations(List.of(broken)), written);
        Summary second = aggregatorAt(NOW.plusSeconds(3600)).summarize(later);
        assertThat(new PhpFpmPools().status("customer-a", "shop", second)).isEqualTo(written);
    }

    @Test
    void aTransitionTimeMovesWithItsStatusAlone() {
        Summary first = summarize(running("web-1", NEW, State.READY));
        var written = new PhpFpmPools().status("customer-a", "shop", first);
        Situations two = running("web-2", NEW, State.READY).unreachable();
        Summary second = aggregatorAt(NOW.plusSeconds(60))
                .summarize(new Knowledge(
                        3L,
                        false,
                        NEW.revision(),
                        NEW,
                        List.of(),
                        situations(List.of(running("web-1", NEW, State.READY), two)),
                        written));
        assertThat(Conditions.find(second.conditions(), Condition.DEGRADED).lastTransitionTime())
                .isEqualTo("2026-11-22T12:01:00Z");
        assertThat(Conditions.find(second.conditions(), Condition.PROGRESSING).lastTransitionTime())
                .isEqualTo(NOW.toString());
    }

    private static Situations running(String name, Content content, State state) {
        return host(name).asked(content, null).runs(content, state);
    }

    private static Summary summarize(Situations... hosts) {
        return summarize(
                new Knowledge(3L, false, NEW.revision(), NEW, List.of(), situations(Arrays.asList(hosts)), null));
    }

    private static Summary summarize(Knowledge knowledge) {
        return aggregatorAt(NOW).summarize(knowledge);
    }

    private static StatusAggregator aggregatorAt(Instant instant) {
        return new StatusAggregator(Clock.fixed(instant, ZoneOffset.UTC));
    }

    private static List<HostSituation> situations(List<Situations> hosts) {
        return hosts.stream().map(Situations::of).toList();
    }

    private static void assertCondition(Summary summary, String type, String status, Reason reason) {
        @Nullable Condition condition = Conditions.find(summary.conditions(), type);
        assertThat(condition).as(type).isNotNull();
        assertThat(condition.status()).as(type).isEqualTo(status);
        assertThat(condition.reason()).as(type).isEqualTo(reason.text());
        assertThat(condition.observedGeneration()).as(type).isEqualTo(3L);
    }
}
