package io.unitsmith.agent.migrate;

import static io.unitsmith.agent.migrate.FpmDirective.ACCESS_FORMAT;
import static io.unitsmith.agent.migrate.FpmDirective.ACCESS_LOG;
import static io.unitsmith.agent.migrate.FpmDirective.ACCESS_SUPPRESS_PATH;
import static io.unitsmith.agent.migrate.FpmDirective.REQUEST_SLOWLOG_TIMEOUT;
import static io.unitsmith.agent.migrate.FpmDirective.REQUEST_SLOWLOG_TRACE_DEPTH;
import static io.unitsmith.agent.migrate.FpmDirective.REQUEST_TERMINATE_TIMEOUT;
import static io.unitsmith.agent.migrate.FpmDirective.SLOWLOG;

import io.unitsmith.agent.migrate.Configuration.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Logs, and the times that requests may take. */
final class LogMapping {

    private static final int MOST_PATHS = 32;
    private static final Pattern URL_PATH = Pattern.compile("/[!-~]{0,255}");
    private static final int LONGEST_FORMAT = 512;
    private static final int DEEPEST_TRACE = 1000;

    private final Draft draft;
    private final String folder;

    /** @param folder where the logs of the pool are going to be */
    LogMapping(Draft draft, String folder) {
        this.draft = draft;
        this.folder = folder;
    }

    void map() {
        OptionalInt end = draft.seconds(REQUEST_TERMINATE_TIMEOUT);
        if (end.isPresent() && end.getAsInt() > 0) {
            String duration =
                    ProcessMapping.duration(draft, REQUEST_TERMINATE_TIMEOUT, end.getAsInt(), ProcessMapping.DAY);
            draft.set(REQUEST_TERMINATE_TIMEOUT, duration);
        }
        draft.drop(FpmDirective.REQUEST_TERMINATE_TIMEOUT_TRACK_FINISHED);
        mapSlowlog(end.orElse(0));
        if (draft.text(ACCESS_LOG) == null) {
            dropWithout(draft.line(ACCESS_FORMAT), "access.log");
            draft.lines(ACCESS_SUPPRESS_PATH).forEach(line -> dropWithout(line, "access.log"));
        } else {
            mapAccessLog();
        }
    }

    private void mapSlowlog(int end) {
        int slow = draft.seconds(REQUEST_SLOWLOG_TIMEOUT).orElse(0);
        boolean isTooLong = end > 0 && slow > end;
        if (isTooLong) {
            draft.error(
                    Objects.requireNonNull(draft.line(REQUEST_SLOWLOG_TIMEOUT)),
                    "PHP-FPM does not start with it: it is longer than request_terminate_timeout");
        }
        if (slow < 1 || isTooLong) {
            dropWithout(draft.line(SLOWLOG), "request_slowlog_timeout");
            dropWithout(draft.line(REQUEST_SLOWLOG_TRACE_DEPTH), "request_slowlog_timeout");
            return;
        }
        draft.set(
                REQUEST_SLOWLOG_TIMEOUT,
                ProcessMapping.duration(draft, REQUEST_SLOWLOG_TIMEOUT, slow, ProcessMapping.DAY));
        moved(draft.line(SLOWLOG), "slow.log");
        OptionalInt depth = draft.integer(REQUEST_SLOWLOG_TRACE_DEPTH);
        if (depth.isPresent() && depth.getAsInt() != 0) {
            int bounded = Math.clamp(depth.getAsInt(), 1, DEEPEST_TRACE);
            if (bounded != depth.getAsInt()) {
                draft.changed(
                        Objects.requireNonNull(draft.line(REQUEST_SLOWLOG_TRACE_DEPTH)),
                        "it is %d: from 1 to %d are possible".formatted(bounded, DEEPEST_TRACE));
            }
            draft.set(REQUEST_SLOWLOG_TRACE_DEPTH, bounded);
        }
    }

    private void mapAccessLog() {
        draft.set(ACCESS_LOG, true);
        moved(draft.line(ACCESS_LOG), "access.log");
        @Nullable String format = draft.text(ACCESS_FORMAT);
        if (format != null && (format.length() > LONGEST_FORMAT || SettingMapping.hasControls(format))) {
            draft.dropped(
                    Objects.requireNonNull(draft.line(ACCESS_FORMAT)),
                    "a format has at most %d characters, in one line".formatted(LONGEST_FORMAT));
        } else if (format != null) {
            draft.set(ACCESS_FORMAT, format);
        }
        List<String> paths = new ArrayList<>();
        for (Line line : draft.lines(ACCESS_SUPPRESS_PATH)) {
            addPath(line, paths);
        }
        if (!paths.isEmpty()) {
            draft.set(ACCESS_SUPPRESS_PATH, paths);
        }
    }

    private void addPath(Line line, List<String> paths) {
        if (!draft.isKnown(line)) {
            return;
        }
        String path = draft.text(line);
        if (!Objects.requireNonNull(line.entry().key()).isEmpty() || !path.startsWith("/")) {
            draft.error(line, "PHP-FPM does not start with it: write access.suppress_path[] = /path");
        } else if (!URL_PATH.matcher(path).matches() || paths.size() == MOST_PATHS) {
            draft.dropped(
                    line, "at most %d paths of 256 characters are possible, without spaces".formatted(MOST_PATHS));
        } else {
            paths.add(path);
        }
    }

    private void moved(@Nullable Line line, String name) {
        if (line != null) {
            draft.changed(line, "the file is %s/%s".formatted(folder, name));
        }
    }

    private void dropWithout(@Nullable Line line, String other) {
        if (line != null) {
            draft.dropped(line, "it does nothing without %s".formatted(other));
        }
    }
}
