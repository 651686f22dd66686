package io.unitsmith.agent;

import io.unitsmith.agent.systemd.SystemdException;
import java.io.IOException;

/** Has one thing go wrong on a {@link TestHost}, at one point of what its agent does. */
final class Faults {

    /** What goes wrong. */
    enum Fault {
        /** kill -9, before the change. */
        KILL(true, true),
        /** One write, rename or deletion fails. */
        IO_ERROR(true, false),
        /** From here on nothing new can be written, until there is space again. */
        FULL_DISK(true, false),
        /** One job of systemd fails. */
        FAILING_UNIT(false, true),
        /** systemd cannot be reached, until it can be again. */
        LOST_BUS(false, true);

        private final boolean ofFiles;
        private final boolean ofUnits;

        Fault(boolean ofFiles, boolean ofUnits) {
            this.ofFiles = ofFiles;
            this.ofUnits = ofUnits;
        }
    }

    static final class Killed extends Error {}

    private final Fault fault;
    private final int at;
    private int points;
    private int steps;
    private boolean struck;
    private boolean lifted;

    private Faults(Fault fault, int at) {
        this.fault = fault;
        this.at = at;
    }

    /** None; the points where it could be are counted. */
    static Faults none(Fault fault) {
        return new Faults(fault, 0);
    }

    static Faults at(Fault fault, int point) {
        return new Faults(fault, point);
    }

    /** Begins a new process of the agent, on this host. */
    void of(TestHost host) {
        host.systemd.hook = this::unit;
        host.start(this::file);
    }

    void lift() {
        lifted = true;
    }

    int points() {
        return points;
    }

    /** How many of the plan's steps this fault can hit: files put in their place or deleted, jobs. */
    int steps() {
        return steps;
    }

    boolean struck() {
        return struck;
    }

    private void file(String moment) throws IOException {
        if (!fault.ofFiles || lifted) {
            return;
        }
        steps += moment.startsWith("rename") || moment.startsWith("delete") ? 1 : 0;
        boolean frees = moment.startsWith("delete") || moment.startsWith("re") || moment.startsWith("sync");
        boolean here = ++points == at;
        if (fault == Fault.FULL_DISK ? at > 0 && points >= at : here) {
            struck = true;
            switch (fault) {
                case KILL -> throw new Killed();
                case IO_ERROR -> throw new IOException("Input/output error");
                default -> {
                    if (!frees) {
                        throw new IOException("No space left on device");
                    }
                }
            }
        }
    }

    private boolean unit(String moment) {
        if (!fault.ofUnits || lifted) {
            return true;
        }
        steps++;
        boolean here = ++points == at;
        if (fault == Fault.LOST_BUS ? at > 0 && points >= at : here) {
            struck = true;
            if (fault == Fault.KILL) {
                throw new Killed();
            } else if (fault == Fault.LOST_BUS) {
                throw new SystemdException("could not " + moment + ": not connected", new IOException());
            }
            return moment.equals("daemon-reload"); // that has no result
        }
        return true;
    }
}
