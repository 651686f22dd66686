package io.unitsmith.agent.remote;

import io.unitsmith.agent.workload.Sight.Answer;
import io.unitsmith.agent.workload.Sight.Broken;
import io.unitsmith.agent.workload.Sight.Well;
import java.time.Instant;
import java.util.Set;
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

    /** A server that does not let root in answers, and may well serve others. */
    private static final Set<String> REFUSALS = Set.of("Permission denied", "Operation not permitted");

    /** Free blocks, all of them, and their size. */
    private static final Pattern SPACE = Pattern.compile("([0-9]{1,18}) ([0-9]{1,18}) ([0-9]{1,9})\\s*");

    boolean isOpen() {
        return text.isBlank();
    }

    Answer answer() {
        Matcher space = SPACE.matcher(text);
        if (space.matches()) {
            return new Well(bytes(space, 1), bytes(space, 2));
        }
        String words = bounded(text.strip().replaceFirst("(?s).*: ", ""));
        return REFUSALS.contains(words) ? new Well(0, 0) : new Broken(at, words);
    }

    /** At most as many as a long holds. */
    private static long bytes(Matcher space, int blocks) {
        long number = Long.parseLong(space.group(blocks));
        long size = Long.parseLong(space.group(3));
        return size == 0 || number <= Long.MAX_VALUE / size ? number * size : Long.MAX_VALUE;
    }

    private static String bounded(String words) {
        return words.substring(0, Math.min(words.length(), MOST_CHARACTERS));
    }
}
