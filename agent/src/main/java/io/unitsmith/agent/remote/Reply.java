package io.unitsmith.agent.remote;

import io.unitsmith.agent.workload.Sight.Answer;
import io.unitsmith.agent.workload.Sight.Broken;
import io.unitsmith.agent.workload.Sight.Well;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a question has come to so far.
 *
 * @param at when it was asked, or answered; whole seconds
 * @param text what stat(1) printed; empty while it waits for the server
 */
record Reply(Instant at, String text) {

    private static final int MOST_CHARACTERS = 200;

    /** Free blocks, all of them, and their size. */
    private static final Pattern SPACE = Pattern.compile("([0-9]{1,18}) ([0-9]{1,18}) ([0-9]{1,9})\\s*");

    boolean isOpen() {
        return text.isBlank();
    }

    Answer answer() {
        Matcher space = SPACE.matcher(text);
        return space.matches()
                ? new Well(bytes(space, 1), bytes(space, 2))
                : new Broken(at, text.strip().replaceFirst("(?s).*: ", "").transform(Reply::bounded));
    }

    private static long bytes(Matcher space, int blocks) {
        return Math.multiplyHigh(number(space, blocks), number(space, 3)) == 0
                ? Math.max(0, number(space, blocks) * number(space, 3))
                : Long.MAX_VALUE;
    }

    private static long number(Matcher space, int group) {
        return Long.parseLong(space.group(group));
    }

    private static String bounded(String words) {
        return words.substring(0, Math.min(words.length(), MOST_CHARACTERS));
    }
}
