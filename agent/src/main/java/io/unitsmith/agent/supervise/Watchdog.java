package io.unitsmith.agent.supervise;

import io.unitsmith.api.v1alpha1.Conditions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * systemd, which starts the agent again when it says nothing for WatchdogSec. It is said to be alive from a thread of its
 * own, since a turn may take longer than that, and only while the loop comes round.
 */
public final class Watchdog implements Supervisor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private static final int LINE_LIMIT = 256;

    private final Consumer<String> notify;
    private final BooleanSupplier alive;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("watchdog").daemon().factory());

    private boolean ready;
    private String lastLine = "";

    /**
     * What the environment says of the watchdog (sd_notify(3), sd_watchdog_enabled(3)); without it nobody is told anything.
     *
     * @param alive whether the loop comes round
     */
    public static Watchdog of(Map<String, String> environment, BooleanSupplier alive) {
        Watchdog watchdog =
                new Watchdog(environment.containsKey("NOTIFY_SOCKET") ? Notification::send : assignments -> {}, alive);
        patience(environment, ProcessHandle.current().pid()).ifPresent(watchdog::start);
        return watchdog;
    }

    Watchdog(Consumer<String> notify, BooleanSupplier alive) {
        this.notify = notify;
        this.alive = alive;
    }

    /** For how long this process may say nothing. */
    static Optional<Duration> patience(Map<String, String> environment, long pid) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean ours =
                environment.getOrDefault("WATCHDOG_PID", Long.toString(pid)).equals(Long.toString(pid));
        return micros.matches("[1-9][0-9]{0,17}") && ours
                ? Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000))
                : Optional.empty();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // beat() handles what goes wrong in it
    private void start(Duration patience) {
        long every = patience.toMillis() / 3;
        thread.scheduleAtFixedRate(this::beat, 0, Math.max(1, every), TimeUnit.MILLISECONDS);
    }

    void beat() {
        if (alive.getAsBoolean()) {
            send("WATCHDOG=1");
        } else {
            LOG.error("the agent's loop does not turn any more: systemd is to start the agent again");
        }
    }

    @Override
    public void turned(String line) {
        String text = bounded(line);
        if (!ready) {
            send("READY=1\nSTATUS=" + text);
        } else if (!text.equals(lastLine)) {
            send("STATUS=" + text);
        }
        ready = true;
        lastLine = text;
    }

    /** In one line, since the next one would be another assignment. */
    private static String bounded(String line) {
        return Conditions.bounded(line.replaceAll("\\p{Cntrl}", " "), LINE_LIMIT);
    }

    private void send(String assignments) {
        try {
            notify.accept(assignments);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("systemd could not be notified: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
