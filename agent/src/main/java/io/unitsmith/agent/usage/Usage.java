package io.unitsmith.agent.usage;

import io.unitsmith.agent.facts.MemoryUse;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.agent.workload.Use.Counts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The use that was made of one payload since this agent has looked at it.
 *
 * @param starts of its process, by a request or after a change
 * @param idleStops since nobody used it
 * @param requests that were counted while it was looked at
 * @param slowRequests of these, those that took longer than the spec allows without a trace
 * @param oomKills processes of it that the kernel killed for want of memory
 * @param lastOomKill when the last of them was noticed; null if none was
 * @param lastActivity when use was last seen; null if none was
 * @param now what runs; null if nothing does
 */
public record Usage(
        long starts,
        long idleStops,
        long requests,
        long slowRequests,
        long oomKills,
        @Nullable Instant lastOomKill,
        @Nullable Instant lastActivity,
        @Nullable Running now) {

    private static final Counts NO_COUNTS = new Counts(0, 0, 0, 0);
    private static final MemoryUse NO_MEMORY = new MemoryUse(0, 0);

    /**
     * A process that runs.
     *
     * @param memory null where the kernel does not count it
     */
    public record Running(int pid, Use use, @Nullable MemoryUse memory) {

        Counts counts() {
            return use.counts() == null ? NO_COUNTS : use.counts();
        }

        MemoryUse memoryOrNone() {
            return memory == null ? NO_MEMORY : memory;
        }
    }

    /** Of a payload that is looked at for the first time: what it has counted until now is nobody's. */
    static Usage since(@Nullable Running running) {
        return new Usage(0, 0, 0, 0, 0, null, null, running);
    }

    /**
     * What it is a moment later.
     *
     * @param running null if nothing runs
     * @param stopped whether it was told to stop, since nobody uses it
     */
    Usage then(@Nullable Running running, boolean stopped, Instant time) {
        if (running == null) {
            return new Usage(starts, idleStops, requests, slowRequests, oomKills, lastOomKill, lastActivity, null);
        }
        boolean anew = now == null || now.pid() != running.pid();
        Counts before = anew || now == null ? NO_COUNTS : now.counts();
        MemoryUse memoryBefore = anew || now == null ? NO_MEMORY : now.memoryOrNone();
        long kills = since(memoryBefore.oomKills(), running.memoryOrNone().oomKills());
        boolean used = anew
                || running.use().busy()
                || now == null
                || !now.use().mark().equals(running.use().mark());
        return new Usage(
                starts + (anew ? 1 : 0),
                idleStops + (stopped ? 1 : 0),
                requests + since(before.requests(), running.counts().requests()),
                slowRequests + since(before.slowRequests(), running.counts().slowRequests()),
                oomKills + kills,
                kills > 0 ? time : lastOomKill,
                used ? time : lastActivity,
                running);
    }

    /** A count that begins anew, as at a reload, counts from nothing. */
    private static long since(long before, long now) {
        return now >= before ? now - before : now;
    }
}
