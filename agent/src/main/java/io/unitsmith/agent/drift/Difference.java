package io.unitsmith.agent.drift;

/**
 * One thing that is not as it was applied.
 *
 * @param subject the path or the unit that it is about
 * @param text a part of a sentence that names the subject
 */
record Difference(Kind kind, String subject, String text) {

    enum Kind {
        /** A file or link of the agent's own is missing or changed. */
        ENTRY,
        /** A unit is masked. */
        MASK,
        /** The trigger was stopped. */
        STOPPED,
        /** The trigger failed: nobody's doing, so starting it again is no fight. */
        FAILED,
        /** systemd has loaded a unit from other content than is on disk. */
        STALE,
        /** A service runs files that an upgrade has replaced on disk. */
        OUTDATED,
        /** A file of somebody else changes a unit. */
        FOREIGN
    }

    /** Whether the agent can put it right, and does so here. */
    boolean isRepairable() {
        return kind != Kind.FOREIGN && kind != Kind.FAILED;
    }
}
