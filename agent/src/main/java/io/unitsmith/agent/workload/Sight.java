package io.unitsmith.agent.workload;

import io.unitsmith.agent.facts.Mounted;
import java.time.Instant;

/** What is seen of a payload that is mounted. */
public record Sight(Mounted mounted, Answer answer) {

    /** What its server last said. */
    public sealed interface Answer {}

    /** It was not asked, or has still time to answer. */
    public record Unknown() implements Answer {}

    /**
     * It answers.
     *
     * @param freeBytes what may still be written there
     * @param bytes all that there is
     */
    public record Well(long freeBytes, long bytes) implements Answer {}

    /** It has been asked then, and has not answered. */
    public record Hung(Instant since) implements Answer {}

    /**
     * It answers, or the kernel does in its place, with an error.
     *
     * @param words of the error, such as {@code Stale file handle}
     */
    public record Broken(Instant since, String words) implements Answer {}
}
