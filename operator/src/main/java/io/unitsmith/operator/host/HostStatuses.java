package io.unitsmith.operator.host;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAgentStatus;
import io.unitsmith.api.v1alpha1.HostFacts;
import io.unitsmith.api.v1alpha1.HostStatus;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.operator.rollout.Presence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is told about a host. Pure, but for the clock. */
final class HostStatuses {

    private final Clock clock;

    HostStatuses(Clock clock) {
        this.clock = clock;
    }

    /**
     * What is known of a host.
     *
     * @param foreign whether its namespace is somebody else's
     * @param joined whether its agent has been heard since its credential was made
     * @param agent what its agent last said
     */
    record Knowledge(
            String host,
            @Nullable Long generation,
            @Nullable HostStatus previous,
            boolean foreign,
            boolean joined,
            Presence presence,
            @Nullable HostAgentStatus agent,
            int assignments) {}

    HostStatus of(Knowledge known) {
        @Nullable HostStatus previous = known.previous();
        Conditions conditions =
                new Conditions(previous == null ? null : previous.conditions(), known.generation(), clock);
        ready(known, conditions);
        return new HostStatus(
                conditions.toList(),
                known.presence() instanceof Presence.Unreachable(String lastHeartbeat) ? lastHeartbeat : null,
                facts(known.agent()),
                phpVersions(known.agent()),
                known.assignments());
    }

    /** How long until there is something else to tell of a silent host, if that will be. */
    Optional<Duration> untilChange(Knowledge known) {
        return known.joined() && known.presence() instanceof Presence.Unreachable
                ? expiry(known.agent())
                        .map(expiry -> Duration.between(clock.instant(), expiry))
                        .filter(Duration::isPositive)
                        .map(left -> left.plusSeconds(1))
                : Optional.empty();
    }

    /** The agent's own last word; one that cannot be read says nothing. */
    private static Optional<Instant> expiry(@Nullable HostAgentStatus agent) {
        try {
            return Optional.ofNullable(agent)
                    .map(HostAgentStatus::credentialExpires)
                    .map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private void ready(Knowledge known, Conditions conditions) {
        if (known.foreign()) {
            conditions.set(
                    Condition.READY,
                    Condition.FALSE,
                    Reason.CONFLICT,
                    "namespace %s exists and is not this host's: delete it, or give the Host another name"
                            .formatted(Names.hostNamespace(known.host())));
        } else if (known.presence().isHeard()) {
            heard(known.agent(), conditions);
        } else if (known.joined() && known.presence() instanceof Presence.Unreachable(String lastHeartbeat)) {
            silent(known, lastHeartbeat, conditions);
        } else {
            conditions.set(
                    Condition.READY,
                    Condition.FALSE,
                    Reason.NOT_JOINED,
                    "pipe key kubeconfig of Secret %s in namespace %s into `unitsmith join --file -` on the host"
                            .formatted(Names.JOIN_SECRET, Names.hostNamespace(known.host())));
        }
    }

    private void silent(Knowledge known, String lastHeartbeat, Conditions conditions) {
        Optional<Instant> expired = expiry(known.agent()).filter(expiry -> !expiry.isAfter(clock.instant()));
        if (expired.isPresent()) {
            conditions.set(
                    Condition.READY,
                    Condition.UNKNOWN,
                    Reason.CREDENTIAL_EXPIRED,
                    "no heartbeat since %s, and its credential expired at %s: the host serves on, and has to join again: delete Secret %s in namespace %s, and join as the first time"
                            .formatted(
                                    lastHeartbeat,
                                    expired.get(),
                                    Names.AGENT_CREDENTIAL,
                                    Names.hostNamespace(known.host())));
        } else {
            conditions.set(
                    Condition.READY,
                    Condition.UNKNOWN,
                    Reason.AGENT_UNREACHABLE,
                    "no heartbeat since %s; look at unitsmith-agent.service on the host".formatted(lastHeartbeat));
        }
    }

    private static void heard(@Nullable HostAgentStatus agent, Conditions conditions) {
        @Nullable List<Condition> said = agent == null ? null : agent.conditions();
        @Nullable Condition own = Conditions.find(said, Condition.READY);
        if (own == null) {
            conditions.set(Condition.READY, Condition.FALSE, Reason.PENDING, "the agent has not told its state yet");
        } else {
            conditions.set(Condition.READY, own.status(), reason(own), own.message());
        }
    }

    /** The agent's own reason; one that only a newer version knows cannot be told. */
    private static Reason reason(Condition condition) {
        Optional<Reason> known = Arrays.stream(Reason.values())
                .filter(reason -> reason.text().equals(condition.reason()))
                .findFirst();
        return known.orElse(Reason.NOT_UNDERSTOOD);
    }

    /** A column of kubectl shows only the first value of a list. */
    private static @Nullable String phpVersions(@Nullable HostAgentStatus agent) {
        return agent == null || agent.php() == null
                ? null
                : agent.php().stream().map(HostFacts.Php::version).sorted().collect(Collectors.joining(" "));
    }

    private static @Nullable HostFacts facts(@Nullable HostAgentStatus agent) {
        return agent == null
                ? null
                : new HostFacts(
                        agent.agentVersion(), agent.machineId(), agent.systemd(), agent.php(), agent.mountHelpers());
    }
}
