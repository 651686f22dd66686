package io.unitsmith.operator.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.operator.rollout.Presence;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {

    private static final Instant FIRST = Instant.parse("2026-11-22T10:00:00.123456Z");

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Heartbeats heartbeats = new Heartbeats(nanos::get, Duration.ofSeconds(40));

    @Test
    void aHostIsNotJoinedUntilItsLeaseIsRenewed() {
        heartbeats.observe("web-1", null);
        assertThat(heartbeats.of("web-1")).isEqualTo(new Presence.NotJoined());
        assertThat(heartbeats.silence("web-1")).isNull();
        heartbeats.observe("web-1", FIRST);
        assertThat(heartbeats.of("web-1")).isEqualTo(new Presence.Heard());
    }

    @Test
    void aHostIsUnreachableWhenItsLeaseHasNotChangedForTheGraceTime() {
        heartbeats.observe("web-1", FIRST);
        pass(39);
        assertThat(heartbeats.of("web-1")).isEqualTo(new Presence.Heard());
        pass(1);
        assertThat(heartbeats.of("web-1")).isEqualTo(new Presence.Unreachable("2026-11-22T10:00:00Z"));
    }

    @Test
    void onlyARenewalIsAHeartbeat() {
        heartbeats.observe("web-1", FIRST);
        pass(30);
        heartbeats.observe("web-1", FIRST);
        heartbeats.observe("web-1", null);
        pass(10);
        assertThat(heartbeats.of("web-1").isHeard()).isFalse();
        heartbeats.observe("web-1", FIRST.plusSeconds(1));
        assertThat(heartbeats.of("web-1").isHeard()).isTrue();
        assertThat(heartbeats.silence("web-1")).isZero();
    }

    @Test
    void theAgentsOwnClockDoesNotMatter() {
        heartbeats.observe("web-1", Instant.EPOCH);
        assertThat(heartbeats.of("web-1").isHeard()).isTrue();
        heartbeats.observe("web-1", FIRST.plusSeconds(1_000_000));
        pass(40);
        assertThat(heartbeats.of("web-1").isHeard()).isFalse();
    }

    @Test
    void everyChangeIsToldOnce() {
        heartbeats.observe("web-1", FIRST);
        heartbeats.observe("web-2", FIRST);
        assertThat(heartbeats.changes()).containsExactlyInAnyOrder("web-1", "web-2");
        assertThat(heartbeats.changes()).isEmpty();
        pass(20);
        heartbeats.observe("web-2", FIRST.plusSeconds(20));
        pass(20);
        assertThat(heartbeats.changes()).containsExactly("web-1");
        assertThat(heartbeats.changes()).isEmpty();
        heartbeats.observe("web-1", FIRST.plusSeconds(40));
        assertThat(heartbeats.changes()).containsExactly("web-1");
    }

    @Test
    void aForgottenHostHasNotJoined() {
        heartbeats.observe("web-1", FIRST);
        heartbeats.forget("web-1");
        assertThat(heartbeats.of("web-1")).isEqualTo(new Presence.NotJoined());
    }

    private void pass(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
