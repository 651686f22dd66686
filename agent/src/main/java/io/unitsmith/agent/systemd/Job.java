package io.unitsmith.agent.systemd;

/** What systemd can be asked to do with a unit. */
public enum Job {
    START,
    STOP,
    RESTART,
    RELOAD;

    /** How a job ended. */
    public record Result(boolean done, String text) {

        static final Result DONE = new Result(true, "done");

        /** The job was still under way when the caller stopped waiting; it goes on. */
        public static final Result PENDING = new Result(false, "is taking longer than expected");

        /** Whether it still goes on. */
        public boolean isPending() {
            return equals(PENDING);
        }
    }
}
