package io.unitsmith.operator.host;

import io.unitsmith.operator.rollout.Presence;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When each agent was last heard, by this operator's own monotonic clock: clocks of two machines are never compared. So
 * an operator that has just started gives every host the full grace time.
 */
public final class Heartbeats {

    private final LongSupplier nanoTime;
    private final Duration grace;
    private final Map<String, Beat> beats = new HashMap<>();
    private final Map<String, Boolean> told = new HashMap<>();

    private record Beat(Instant renewTime, long heardAt) {}

    /**
     * Has heard nobody yet.
     *
     * @param nanoTime such as {@link System#nanoTime}
     * @param grace how long a host may be silent
     */
    public Heartbeats(LongSupplier nanoTime, Duration grace) {
        this.nanoTime = nanoTime;
        this.grace = grace;
    }

    /** Notes what a host's Lease says now; one that was never renewed says nothing. */
    public synchronized void observe(String host, @Nullable Instant renewTime) {
        @Nullable Beat last = beats.get(host);
        if (renewTime != null && (last == null || !last.renewTime().equals(renewTime))) {
            beats.put(host, new Beat(renewTime, nanoTime.getAsLong()));
        }
    }

    /** Forgets a host that is no more. */
    public synchronized void forget(String host) {
        beats.remove(host);
        told.remove(host);
    }

    public synchronized Presence of(String host) {
        @Nullable Beat last = beats.get(host);
        if (last == null) {
            return new Presence.NotJoined();
        }
        return silence(last).compareTo(grace) < 0
                ? new Presence.Heard()
                : new Presence.Unreachable(
                        last.renewTime().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** How long ago the host's last heartbeat arrived here; null if none has. */
    public synchronized @Nullable Duration silence(String host) {
        @Nullable Beat last = beats.get(host);
        return last == null ? null : silence(last);
    }

    /** The hosts that became heard or unreachable since the last call. */
    public synchronized List<String> changes() {
        return beats.entrySet().stream()
                .filter(beat -> {
                    boolean heard = silence(beat.getValue()).compareTo(grace) < 0;
                    @Nullable Boolean before = told.put(beat.getKey(), heard);
                    return before == null || before != heard;
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    private Duration silence(Beat beat) {
        return Duration.ofNanos(nanoTime.getAsLong() - beat.heardAt());
    }
}
