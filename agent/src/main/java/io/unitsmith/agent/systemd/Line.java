package io.unitsmith.agent.systemd;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.freedesktop.dbus.errors.NameHasNoOwner;
import org.freedesktop.dbus.errors.NoReply;
import org.freedesktop.dbus.errors.ServiceUnknown;
import org.freedesktop.dbus.errors.Timeout;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.exceptions.NotConnected;
import org.jspecify.annotations.Nullable;

/**
 * The line to systemd: a question for which the connection fails is asked again over a new one. A bus that is started
 * anew has systemd on it a little later; so everything that is asked must be such that it can be asked twice.
 */
final class Line<C extends Line.Connection> {

    /** How long a question is asked again; the caller's next try is a new one. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration FIRST_REST = Duration.ofMillis(50);
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final Dial<C> dial;
    private final LongSupplier nanoTime;
    private final Sleep sleep;
    private @Nullable C current;

    /** What may break. */
    interface Connection {
        boolean isUp();

        void close();
    }

    interface Dial<C> {
        C open() throws DBusException;
    }

    interface Question<C, T> {
        T ask(C connection) throws DBusException;
    }

    interface Sleep {
        void rest(Duration length) throws InterruptedException;
    }

    /** Not connected yet. */
    Line(Dial<C> dial, LongSupplier nanoTime, Sleep sleep) {
        this.dial = dial;
        this.nanoTime = nanoTime;
        this.sleep = sleep;
    }

    /**
     * The answer.
     *
     * @param what it is for, as in "could not reload systemd"
     * @throws SystemdException if systemd refuses, or does not answer in time
     */
    synchronized <T> T ask(String what, Question<? super C, T> question) {
        long start = nanoTime.getAsLong();
        Duration rest = FIRST_REST;
        while (true) {
            try {
                return question.ask(connection());
            } catch (DBusException | DBusExecutionException e) {
                boolean broken = isBroken(e);
                if (broken) {
                    hangUp();
                }
                Duration spent = Duration.ofNanos(nanoTime.getAsLong() - start);
                if (!broken || spent.plus(rest).compareTo(PATIENCE) > 0 || !rest(rest)) {
                    throw new SystemdException("could not " + what + ": " + e.getMessage(), e);
                }
            }
            rest = rest.multipliedBy(2).compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest.multipliedBy(2);
        }
    }

    private C connection() throws DBusException {
        if (current == null || !current.isUp()) {
            hangUp();
            current = dial.open();
        }
        return current;
    }

    private boolean isBroken(Exception e) {
        return e instanceof DBusException || current == null || !current.isUp() || isOfTheBus(e);
    }

    /** Whether this says that systemd cannot be reached, and so is no answer of systemd's. */
    static boolean isOfTheBus(Exception e) {
        return e instanceof NotConnected
                || e instanceof NoReply
                || e instanceof Timeout
                || e instanceof ServiceUnknown
                || e instanceof NameHasNoOwner;
    }

    private boolean rest(Duration length) {
        try {
            sleep.rest(length);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    synchronized void hangUp() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
