package io.unitsmith.agent.pool;

import io.unitsmith.agent.facts.Processes;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.agent.workload.Use.Counts;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a PHP-FPM master has anything to do, told without a word to its socket: that would start one that has stopped.
 *
 * <p>A master that was built with systemd says every few seconds how many of its processes are at work, and how many
 * requests have come so far, each counted when it begins (fpm_systemd.c, fpm_scoreboard.h). Of any other what its processes
 * do has to tell: at work is who has a connection, or uses the processor.
 *
 * <p>Those requests include the ones at the status socket, which are no use of the pool. There the processes tell too, all
 * but those of the status socket.
 */
final class PoolUse {

    /** Such as {@code Processes active: 0, idle: 1, Requests: 4, slow: 0, Traffic: 0.2req/sec}; workers share the memory that it is from, so no number is too large for a tenant to say. */
    private static final Pattern STATUS = Pattern.compile(
            "Processes active: (\\d{1,9}), idle: (\\d{1,9}), Requests: (\\d{1,18}), slow: (\\d{1,18}).*");

    /** How PHP-FPM calls a process of the status socket (fpm_conf.c, fpm_children.c). */
    private static final String OF_STATUS_SOCKET = "_status";

    private PoolUse() {}

    static Use of(PhpFpmPoolSpec spec, UnitState service, Processes all) {
        @Nullable
        Duration timeout = spec.idle().enabled()
                ? Duration.ofSeconds(Durations.seconds(spec.idle().timeout()))
                : null;
        boolean statusSocket = spec.monitoring().hasStatusSocket();
        Processes processes = statusSocket ? all.which(child -> !child.title().endsWith(OF_STATUS_SOCKET)) : all;
        String text = service.statusText() == null ? "" : service.statusText();
        if (text.isEmpty()) {
            return new Use(
                    timeout,
                    !processes.sockets().isEmpty(),
                    service.mainPid() + " " + work(processes),
                    processes.sockets(),
                    null);
        }
        // just started, or in a reload: its count begins anew
        @Nullable Counts counts = counts(text);
        String requests =
                statusSocket ? work(processes).toString() : counts == null ? text : Long.toString(counts.requests());
        return new Use(
                timeout,
                counts == null || counts.active() > 0,
                service.mainPid() + " " + requests,
                processes.sockets(),
                counts);
    }

    private static @Nullable Counts counts(String text) {
        Matcher status = STATUS.matcher(text);
        return status.matches()
                ? new Counts(
                        Integer.parseInt(status.group(1)),
                        Integer.parseInt(status.group(2)),
                        Long.parseLong(status.group(3)),
                        Long.parseLong(status.group(4)))
                : null;
    }

    private static Map<Integer, String> work(Processes processes) {
        Map<Integer, String> work = new TreeMap<>();
        processes.children().forEach((pid, child) -> work.put(pid, child.work()));
        return work;
    }
}
