package io.unitsmith.operator.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.HostAgentStatus;
import io.unitsmith.api.v1alpha1.HostStatus;
import io.unitsmith.operator.rollout.Presence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostStatusesTest {

    private static final Presence HEARD = new Presence.Heard();
    private static final Presence SILENT = new Presence.Unreachable("2026-11-22T10:00:00Z");

    private final HostStatuses statuses =
            new HostStatuses(Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC));

    @Test
    void aHostIsWhatItsAgentSays() {
        assertReady(status(false, true, HEARD, agent("True", "Ready")), "True", "Ready");
        assertReady(status(false, true, HEARD, agent("False", "DuplicateAgent")), "False", "DuplicateAgent");
        assertReady(status(false, true, HEARD, null), "False", "Pending");
    }

    @Test
    void aReasonOfANewerAgentIsNotUnderstood() {
        assertReady(status(false, true, HEARD, agent("False", "BrandNew")), "False", "NotUnderstood");
    }

    @Test
    void aSilentHostIsUnknownAndKeepsItsLastFacts() {
        HostStatus status = status(false, true, SILENT, agent("True", "Ready"));
        assertReady(status, "Unknown", "AgentUnreachable");
        assertThat(status.lastHeartbeat()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(status.facts().agentVersion()).isEqualTo("0.1.0");
    }

    @Test
    void aSilentHostWhoseCredentialHasExpiredIsToldToJoinAgain() {
        HostStatus status = status(false, true, SILENT, agent("2026-11-22T11:59:00Z"));
        assertReady(status, "Unknown", "CredentialExpired");
        assertThat(status.conditions().getFirst().message())
                .contains(
                        "2026-11-22T11:59:00Z", "Secret unitsmith-agent-credential in namespace unitsmith-host-web-1");
        assertThat(status.lastHeartbeat()).isEqualTo("2026-11-22T10:00:00Z");
    }

    @Test
    void anExpiryIsNothingToTellOfAHostThatIsHeardOrOfOneThatHasToJoinAnyway() {
        assertReady(status(false, true, HEARD, agent("2026-11-22T11:59:00Z")), "True", "Ready");
        assertReady(status(false, false, SILENT, agent("2026-11-22T11:59:00Z")), "False", "NotJoined");
        assertReady(status(false, true, SILENT, agent("whenever")), "Unknown", "AgentUnreachable");
    }

    @Test
    void aSilentHostIsLookedAtAgainWhenItsCredentialExpires() {
        assertReady(status(false, true, SILENT, agent("2026-11-22T12:10:00Z")), "Unknown", "AgentUnreachable");
        assertThat(statuses.untilChange(knowledge(false, true, SILENT, agent("2026-11-22T12:10:00Z"))))
                .contains(Duration.ofSeconds(601));
        assertThat(statuses.untilChange(knowledge(false, true, SILENT, agent("2026-11-22T11:59:00Z"))))
                .isEmpty();
        assertThat(statuses.untilChange(knowledge(false, true, HEARD, agent("2026-11-22T12:10:00Z"))))
                .isEmpty();
    }

    @Test
    void theHeartbeatIsShownOnlyWhileThereIsNone() {
        assertThat(status(false, true, HEARD, null).lastHeartbeat()).isNull();
    }

    @Test
    void aHostWithoutOrWithARevokedCredentialHasToJoin() {
        assertReady(status(false, false, new Presence.NotJoined(), null), "False", "NotJoined");
        assertReady(status(false, false, SILENT, agent("True", "Ready")), "False", "NotJoined");
    }

    @Test
    void aNamespaceThatIsSomebodyElsesIsAConflict() {
        HostStatus status = status(true, false, new Presence.NotJoined(), null);
        assertReady(status, "False", "Conflict");
        assertThat(status.conditions().getFirst().message()).contains("unitsmith-host-web-1");
    }

    private HostStatus status(boolean foreign, boolean joined, Presence presence, @Nullable HostAgentStatus agent) {
        return statuses.of(knowledge(foreign, joined, presence, agent));
    }

    private static HostStatuses.Knowledge knowledge(
            boolean foreign, boolean joined, Presence presence, @Nullable HostAgentStatus agent) {
        return new HostStatuses.Knowledge("web-1", 1L, null, foreign, joined, presence, agent, 2);
    }

    private static HostAgentStatus agent(String credentialExpires) {
        return agent("True", "Ready", credentialExpires);
    }

    private static HostAgentStatus agent(String ready, String reason) {
        return agent(ready, reason, null);
    }

    private static HostAgentStatus agent(String ready, String reason, @Nullable String credentialExpires) {
        return new HostAgentStatus(
                "0.1.0",
                "m-1",
                "257",
                null,
                null,
                credentialExpires,
                List.of(new Condition(Condition.READY, ready, reason, "so it is", null, "2026-11-22T09:00:00Z")));
    }

    private static void assertReady(HostStatus status, String ready, String reason) {
        assertThat(status.conditions()).singleElement().satisfies(condition -> {
            assertThat(condition.status()).isEqualTo(ready);
            assertThat(condition.reason()).isEqualTo(reason);
        });
        assertThat(status.assignments()).isEqualTo(2);
    }
}
