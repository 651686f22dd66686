package io.unitsmith.agent.systemd;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The jobs that ended since somebody began to listen: a job may be over before its path is known to whom started it. */
final class EndedJobs {

    private final Map<String, String> results = new HashMap<>();
    private boolean listening;
    private boolean lost;

    /**
     * What came of waiting.
     *
     * @param results of the jobs that ended
     * @param complete false if systemd could not be heard all the time, so that more may have ended
     */
    record Outcome(Map<String, String> results, boolean complete) {}

    synchronized void listen() {
        results.clear();
        listening = true;
        lost = false;
    }

    synchronized void ended(String job, String result) {
        if (listening) {
            results.put(job, result);
            notifyAll();
        }
    }

    /** Systemd is heard no more: nobody needs to wait for what it says. */
    synchronized void lost() {
        lost = true;
        notifyAll();
    }

    /** Waits until all of the jobs have ended, at most for so long, and not without systemd. */
    synchronized Outcome await(Collection<String> jobs, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try {
            long left = atMost.toMillis();
            while (left > 0 && !lost && !results.keySet().containsAll(jobs)) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listening = false;
        return new Outcome(Map.copyOf(results), !lost);
    }
}
