package io.unitsmith.agent.migrate.mounts;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as systemd reads them: systemd.time(7), "Parsing Time Spans". */
final class TimeSpan {

    private static final Pattern PART = Pattern.compile("\\s*(\\d{1,12}(?:\\.\\d{1,9})?)\\s*([a-zA-Zµμ]*)\\s*");
    private static final long DAY = 86_400_000_000L;

    private static final Map<String, Long> MICROSECONDS = Map.ofEntries(
            Map.entry("", 1_000_000L),
            Map.entry("usec", 1L),
            Map.entry("us", 1L),
            Map.entry("µs", 1L),
            Map.entry("μs", 1L),
            Map.entry("msec", 1_000L),
            Map.entry("ms", 1_000L),
            Map.entry("seconds", 1_000_000L),
            Map.entry("second", 1_000_000L),
            Map.entry("sec", 1_000_000L),
            Map.entry("s", 1_000_000L),
            Map.entry("minutes", 60_000_000L),
            Map.entry("minute", 60_000_000L),
            Map.entry("min", 60_000_000L),
            Map.entry("m", 60_000_000L),
            Map.entry("hours", 3_600_000_000L),
            Map.entry("hour", 3_600_000_000L),
            Map.entry("hr", 3_600_000_000L),
            Map.entry("h", 3_600_000_000L),
            Map.entry("days", DAY),
            Map.entry("day", DAY),
            Map.entry("d", DAY),
            Map.entry("weeks", 7 * DAY),
            Map.entry("week", 7 * DAY),
            Map.entry("w", 7 * DAY));

    private TimeSpan() {}

    /** Whole seconds, the next if there is a part of one; 0 for infinity, as for none; empty if systemd would ignore it. */
    static OptionalLong seconds(String text) {
        if (text.strip().equals("infinity")) {
            return OptionalLong.of(0);
        }
        Matcher part = PART.matcher(text);
        double sum = 0;
        int end = 0;
        while (part.find() && part.start() == end && MICROSECONDS.containsKey(part.group(2))) {
            sum += Double.parseDouble(part.group(1)) * MICROSECONDS.get(part.group(2));
            end = part.end();
        }
        return end == 0 || end < text.length()
                ? OptionalLong.empty()
                : OptionalLong.of((long) Math.ceil(sum / 1_000_000));
    }
}
