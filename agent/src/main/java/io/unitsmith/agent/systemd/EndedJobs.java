package io.unitsmith.agent.systemd;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The jobs that ended since somebody began to listen: a job may be over before its path is known to whom started it. */
final class EndedJobs {

    private final Map<String, String> results = new HashMap<>();
    private boolean listening;

    synchronized void listen() {
        results.clear();
        listening = true;
    }

    synchronized void ended(String job, String result) {
        if (listening) {
            results.put(job, result);
            notifyAll();
        }
    }

    /** The results of those of the jobs that ended before the deadline. */
    synchronized Map<String, String> await(Collection<String> jobs, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            long left = deadline.toMillis();
            while (left > 0 && !results.keySet().containsAll(jobs)) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listening = false;
        return Map.copyOf(results);
    }
}
