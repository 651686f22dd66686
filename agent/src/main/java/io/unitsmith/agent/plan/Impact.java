package io.unitsmith.agent.plan;

import java.util.Locale;

/** What a change does to a unit that runs, from the least to the most. */
public enum Impact {
    NONE,
    /** It reads its configuration anew. */
    RELOAD,
    /** It is stopped gracefully and started again. */
    RESTART,
    /** It is unmounted and mounted again. */
    REMOUNT,
    /** It is stopped, and stays so. */
    STOP;

    /** As it is written for people: {@code reload}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
