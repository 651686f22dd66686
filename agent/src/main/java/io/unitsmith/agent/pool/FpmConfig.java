package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Header;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec.ProcessManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * PHP-FPM's configuration of a pool, and the field that each line of it comes from.
 *
 * <p>No listen.owner, listen.group, listen.mode and listen.backlog: they do nothing to a socket that systemd made, but an
 * unknown name in them fails the start (fpm_sockets.c). error_log is syslog, since /dev/stderr is a socket under systemd
 * and cannot be opened.
 */
final class FpmConfig {

    /** How long requests in flight may take when the master stops or reloads; the default of 0 would cut them off. */
    static final int GRACE_SECONDS = 30;

    private final List<Line> lines = new ArrayList<>();

    private FpmConfig() {}

    /** One line, and the field of the spec that it comes from. */
    record Line(String text, @Nullable String field) {}

    static FpmConfig of(WorkloadReference workload, PhpFpmPoolSpec spec, Php php) {
        var config = new FpmConfig();
        config.line("; " + Header.of(workload));
        config.global(php);
        config.line("[" + Names.instance(workload.namespace(), workload.name()) + "]");
        config.set("listen", quote(Names.socketPath(workload.namespace(), workload.name())), null);
        config.processManager(spec.processManager(), php);
        if (spec.requestTerminateTimeout() != null) {
            config.set(
                    "request_terminate_timeout",
                    seconds(spec.requestTerminateTimeout()),
                    "spec.requestTerminateTimeout");
        }
        if (spec.chdir() != null) {
            config.set("chdir", quote(spec.chdir()), "spec.chdir");
        }
        config.set(
                "security.limit_extensions", quote(String.join(" ", spec.limitExtensions())), "spec.limitExtensions");
        config.setAll("env", "spec.env", spec.env());
        config.setAll("php_value", "spec.phpValues", spec.phpValues());
        config.setAll("php_flag", "spec.phpFlags", spec.phpFlags());
        config.setAll("php_admin_value", "spec.phpAdminValues", spec.phpAdminValues());
        config.setAll("php_admin_flag", "spec.phpAdminFlags", spec.phpAdminFlags());
        return config;
    }

    String text() {
        return lines.stream().map(Line::text).collect(Collectors.joining("\n", "", "\n"));
    }

    /** By number, from 1 as php-fpm counts; null if there is none. */
    @Nullable
    Line line(int number) {
        return number < 1 || number > lines.size() ? null : lines.get(number - 1);
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

    private void global(Php php) {
        line("[global]");
        set("error_log", "syslog", null);
        set("daemonize", "no", null);
        set("process_control_timeout", GRACE_SECONDS + "s", null);
        if (php.notifies()) {
            set("systemd_interval", "5s", null);
        }
        line("");
    }

    private void processManager(ProcessManager manager, Php php) {
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
                if (PoolRules.hasSpawnRate(php.version())) {
                    set("pm.max_spawn_rate", manager.maxSpawnRate(), at + "maxSpawnRate");
                }
            }
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

    private void line(String text) {
        lines.add(new Line(text, null));
    }

    private static String seconds(String duration) {
        return Durations.seconds(duration) + "s";
    }
}
