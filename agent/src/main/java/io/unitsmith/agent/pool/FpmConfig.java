package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Header;
import io.unitsmith.api.v1alpha1.AccessLog;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.Monitoring;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec.ProcessManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * PHP-FPM's configuration of a pool, and the field that each line of it comes from.
 *
 * <p>No listen.owner, listen.group and listen.backlog: they do nothing to a socket that systemd made, but an unknown name
 * in them fails the start (fpm_sockets.c). error_log is syslog, since /dev/stderr is a socket under systemd
 * and cannot be opened.
 */
final class FpmConfig {

    private static final String ACCESS_LOG = "access.log";
    private static final String SLOWLOG = "slowlog";
    private static final String ACCESS_FORMAT = "%R - %u %t \"%m %r\" %s";

    private final List<Line> lines = new ArrayList<>();

    private final PhpFpmPoolSpec spec;
    private final Php php;

    private FpmConfig(PhpFpmPoolSpec spec, Php php) {
        this.spec = spec;
        this.php = php;
    }

    /** One line, and the field of the spec that it comes from. */
    record Line(String text, @Nullable String field) {

        private String directive() {
            return text.substring(0, Math.max(0, text.indexOf(" = ")));
        }

        /** As a word of its own: pm is none in pm.max_children. */
        private boolean isNamedIn(String complaint) {
            return Pattern.compile("(?<![\\w.])" + Pattern.quote(directive()) + "(?![\\w.])")
                    .matcher(complaint)
                    .find();
        }

        private boolean isLog() {
            return directive().equals(ACCESS_LOG) || directive().equals(SLOWLOG);
        }
    }

    static FpmConfig of(WorkloadReference workload, PhpFpmPoolSpec spec, Php php, Map<String, String> secrets) {
        var config = new FpmConfig(spec, php);
        String instance = Names.instance(workload.namespace(), workload.name());
        config.line("; " + Header.of(workload));
        config.global();
        config.line("[" + instance + "]");
        config.set("listen", quote(Names.socketPath(workload.namespace(), workload.name())), null);
        config.processManager(spec.processManager());
        config.requests();
        config.pages(new StatusSocket(spec, instance));
        config.logs(new PoolLogs(spec, instance));
        config.workers();
        secrets.forEach(
                (key, reference) -> config.set("env['" + key + "']", quote(reference), SecretEnvironment.field(spec)));
        config.setAll("env", "spec.env", spec.env());
        config.settings();
        return config;
    }

    String text() {
        return text(Line::text);
    }

    /** The same without its logs: php-fpm -t opens, and so makes, every file that it is told to log to (fpm_log.c). */
    String textForCheck() {
        return text(line -> line.isLog() ? line.text().replaceFirst(" = .*", " = /dev/null") : line.text());
    }

    private String text(Function<Line, String> line) {
        return lines.stream().map(line).collect(Collectors.joining("\n", "", "\n"));
    }

    /** By number, from 1 as php-fpm counts; null if there is none. */
    @Nullable
    Line line(int number) {
        return number < 1 || number > lines.size() ? null : lines.get(number - 1);
    }

    /** The line whose directive a complaint names, such as {@code access.format}; null if it names none. */
    @Nullable
    Line lineNamedIn(String complaint) {
        return lines.stream()
                .filter(line -> line.field() != null && line.isNamedIn(complaint))
                .max(Comparator.comparingInt(line -> line.directive().length()))
                .orElse(null);
    }

    /**
     * A value that PHP-FPM takes literally (zend_ini_scanner.l). Unquoted, {@code a&b} would be 0 and {@code on} 1; in
     * double quotes {@code $} would start a variable. It must be one line and free of {@code $pool}: those cannot be
     * escaped.
     */
    static String quote(String value) {
        return value.isEmpty() || value.contains("'")
                ? '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"'
                : "'" + value + "'";
    }

    private void global() {
        line("[global]");
        set("error_log", "syslog", null);
        set("daemonize", "no", null);
        set("process_control_timeout", seconds(spec.reload().gracePeriod()), "spec.reload.gracePeriod");
        if (php.notifies()) {
            set("systemd_interval", "5s", null);
        }
        line("");
    }

    private void processManager(ProcessManager manager) {
        String at = "spec.processManager.";
        set("pm", manager.type().name().toLowerCase(Locale.ROOT), at + "type");
        set("pm.max_children", manager.maxChildren(), at + "maxChildren");
        set("pm.max_requests", manager.maxRequests(), at + "maxRequests");
        switch (manager.type()) {
            case STATIC -> {}
            case ONDEMAND -> set("pm.process_idle_timeout", seconds(manager.idleTimeout()), at + "idleTimeout");
            case DYNAMIC -> {
                if (manager.startServers() != null) {
                    set("pm.start_servers", manager.startServers(), at + "startServers");
                }
                set("pm.min_spare_servers", manager.minSpareServers(), at + "minSpareServers");
                set("pm.max_spare_servers", manager.maxSpareServers(), at + "maxSpareServers");
                setIfKnown(Directive.MAX_SPAWN_RATE, manager.maxSpawnRate(), at + "maxSpawnRate");
            }
        }
    }

    private void requests() {
        if (spec.requestTerminateTimeout() != null) {
            set("request_terminate_timeout", seconds(spec.requestTerminateTimeout()), "spec.requestTerminateTimeout");
        }
        if (spec.chdir() != null) {
            set("chdir", quote(spec.chdir()), "spec.chdir");
        }
        set("security.limit_extensions", quote(String.join(" ", spec.limitExtensions())), "spec.limitExtensions");
    }

    private void pages(StatusSocket socket) {
        String at = "spec.monitoring.";
        Monitoring pages = spec.monitoring();
        if (pages.statusPath() != null) {
            set("pm.status_path", quote(pages.statusPath()), at + "statusPath");
        }
        if (socket.isWanted()) {
            set(Directive.STATUS_LISTEN.text(), quote(socket.path()), at + "statusSocket");
            // of the status socket: PHP-FPM takes it over from the pool (fpm_conf.c), whose own socket is systemd's
            set("listen.mode", StatusSocket.MODE, null);
        }
        if (pages.pingPath() != null) {
            set("ping.path", quote(pages.pingPath()), at + "pingPath");
            if (pages.pingResponse() != null) {
                set("ping.response", quote(pages.pingResponse()), at + "pingResponse");
            }
        }
    }

    private void logs(PoolLogs logs) {
        AccessLog accessLog = spec.accessLog();
        if (accessLog.enabled()) {
            set(ACCESS_LOG, quote(logs.access()), "spec.accessLog.enabled");
            String format = Objects.requireNonNullElse(accessLog.format(), ACCESS_FORMAT);
            set("access.format", quote(format), "spec.accessLog.format");
            for (int i = 0; i < accessLog.suppressPaths().size(); i++) {
                String path = accessLog.suppressPaths().get(i);
                setIfKnown(Directive.SUPPRESS_PATH, quote(path), "spec.accessLog.suppressPaths[" + i + "]");
            }
        }
        if (spec.slowlog() != null) {
            set(SLOWLOG, quote(logs.slow()), "spec.slowlog");
            set("request_slowlog_timeout", seconds(spec.slowlog().timeout()), "spec.slowlog.timeout");
            setIfKnown(Directive.SLOWLOG_TRACE_DEPTH, spec.slowlog().traceDepth(), "spec.slowlog.traceDepth");
        }
    }

    /** What differs from PHP-FPM's own defaults. */
    private void workers() {
        if (spec.catchWorkersOutput()) {
            set("catch_workers_output", "yes", "spec.catchWorkersOutput");
        }
        if (!spec.decorateWorkersOutput()) {
            setIfKnown(Directive.DECORATE_WORKERS_OUTPUT, "no", "spec.decorateWorkersOutput");
        }
        if (!spec.clearEnv()) {
            set("clear_env", "no", "spec.clearEnv");
        }
    }

    private void settings() {
        setAll("php_value", "spec.phpValues", spec.phpValues());
        setAll("php_flag", "spec.phpFlags", spec.phpFlags());
        setAll("php_admin_value", "spec.phpAdminValues", spec.phpAdminValues());
        setAll("php_admin_flag", "spec.phpAdminFlags", spec.phpAdminFlags());
        List<String> basedir = spec.hardening().openBasedir();
        if (!basedir.isEmpty()) {
            set("php_admin_value['open_basedir']", quote(String.join(":", basedir)), "spec.hardening.openBasedir");
        }
    }

    /** The quotes keep a key such as PHP_OS from being read as a constant. */
    private void setAll(String directive, String field, Map<String, ?> values) {
        new TreeMap<>(values)
                .forEach((key, value) -> set(directive + "['" + key + "']", literal(key, value), field + "." + key));
    }

    /** PHP calculates {@code E_ALL & ~E_DEPRECATED} only as an unquoted value in its configuration; quoted, it is 0. */
    private static String literal(String key, Object value) {
        return switch (value) {
            case Boolean flag -> flag ? "yes" : "no";
            case String level when key.equals(SettingRules.ERROR_REPORTING) -> level;
            default -> quote(value.toString());
        };
    }

    private void set(String directive, @Nullable Object value, @Nullable String field) {
        lines.add(new Line(directive + " = " + value, field));
    }

    /** Where it is not known, the rules have seen to it that it says no more than PHP-FPM does by itself. */
    private void setIfKnown(Directive directive, Object value, String field) {
        if (directive.isKnownTo(php.version())) {
            set(directive.text(), value, field);
        }
    }

    private void line(String text) {
        lines.add(new Line(text, null));
    }

    private static String seconds(String duration) {
        return Durations.seconds(duration) + "s";
    }
}
