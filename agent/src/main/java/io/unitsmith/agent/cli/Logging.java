package io.unitsmith.agent.cli;

import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Lines on the standard error as journald takes them: priority first (sd-daemon(3)), time and name are its own business. */
final class Logging {

    /** What they say is said again by whoever asked, or is about v1alpha1. Kept here, since a logger that is not takes its level with it. */
    private static final List<Logger> SILENT = List.of(
            Logger.getLogger("org.freedesktop.dbus"),
            Logger.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils"),
            Logger.getLogger("io.fabric8.kubernetes.client.informers"));

    private Logging() {}

    static void toJournal() {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler handler = new ConsoleHandler();
        handler.setFormatter(new Line());
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        SILENT.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private static final class Line extends Formatter {

        @Override
        public String format(LogRecord logged) {
            String priority = "<" + priority(logged.getLevel()) + ">";
            var text = new StringBuilder(priority).append(formatMessage(logged).replace("\n", "\n" + priority));
            Throwable thrown = logged.getThrown();
            if (thrown != null) {
                text.append('\n').append(priority).append(thrown);
                for (StackTraceElement frame : thrown.getStackTrace()) {
                    text.append('\n').append(priority).append("    at ").append(frame);
                }
            }
            return text.append('\n').toString();
        }

        private static int priority(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return 3;
            }
            if (level.intValue() >= Level.WARNING.intValue()) {
                return 4;
            }
            return level.intValue() >= Level.INFO.intValue() ? 6 : 7;
        }
    }
}
