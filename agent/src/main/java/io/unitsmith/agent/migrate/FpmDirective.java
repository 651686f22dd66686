package io.unitsmith.agent.migrate;

import io.unitsmith.api.v1alpha1.PhpVersion;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every directive that PHP-FPM knows (fpm_conf.c), and what becomes of it. {@code docs/migrating.md} has the same table. */
public enum FpmDirective {
    PID(Scope.GLOBAL, "pid", null, "systemd knows the master's process"),
    ERROR_LOG(
            Scope.GLOBAL,
            "error_log",
            null,
            "PHP-FPM's own messages are in the journal: `journalctl -u unitsmith-fpm@<namespace>.<name>`"),
    SYSLOG_IDENT(Scope.GLOBAL, "syslog.ident", null, "the journal knows the pool by its unit"),
    SYSLOG_FACILITY(Scope.GLOBAL, "syslog.facility", null, "the journal knows the pool by its unit"),
    LOG_LEVEL(Scope.GLOBAL, "log_level", null, "it is PHP-FPM's default, notice; `journalctl -p` shows less"),
    LOG_LIMIT(Scope.GLOBAL, "log_limit", null, "it is PHP-FPM's default, 1024"),
    LOG_BUFFERING(Scope.GLOBAL, "log_buffering", null, "PHP-FPM always buffers what goes to the journal"),
    EMERGENCY_RESTART_THRESHOLD(
            Scope.GLOBAL,
            "emergency_restart_threshold",
            null,
            "a master that fails is started anew by the next request"),
    EMERGENCY_RESTART_INTERVAL(
            Scope.GLOBAL,
            "emergency_restart_interval",
            null,
            "a master that fails is started anew by the next request"),
    PROCESS_CONTROL_TIMEOUT(
            Scope.GLOBAL,
            "process_control_timeout",
            "spec.reload.gracePeriod",
            "from 1s to 10m; 0, which cuts requests off, becomes the default, 30s"),
    PROCESS_MAX(
            Scope.GLOBAL,
            "process.max",
            null,
            "each pool has a master of its own: bound it by spec.processManager.maxChildren and spec.resources.tasksMax"),
    GLOBAL_PROCESS_PRIORITY(
            Scope.GLOBAL, "process.priority", null, "give the pool its share by spec.resources.cpuWeight"),
    DAEMONIZE(Scope.GLOBAL, "daemonize", null, "systemd runs the master in the foreground"),
    GLOBAL_RLIMIT_FILES(Scope.GLOBAL, "rlimit_files", "spec.rlimitFiles", "for pools that have none of their own"),
    GLOBAL_RLIMIT_CORE(Scope.GLOBAL, "rlimit_core", "spec.rlimitCore", "for pools that have none of their own"),
    EVENTS_MECHANISM(Scope.GLOBAL, "events.mechanism", null, "PHP-FPM finds the best one by itself"),
    SYSTEMD_INTERVAL(Scope.GLOBAL, "systemd_interval", null, "Unitsmith needs it to know idle pools, and sets it"),

    PREFIX(Scope.POOL, "prefix", null, "relative paths are completed with it"),
    USER(
            Scope.POOL,
            "user",
            "spec.user",
            "needed; a name, never root, and never the web server's user: PHP could then reach every other pool"),
    GROUP(Scope.POOL, "group", "spec.group", "a name, never root, and never the group of the socket"),
    LISTEN(
            Scope.POOL,
            "listen",
            null,
            "the socket is `/run/unitsmith/fpm/<namespace>.<name>.sock`: point the web server to it"),
    LISTEN_BACKLOG(
            Scope.POOL,
            "listen.backlog",
            "spec.socket.backlog",
            "from 1 to 65535; -1 is 65535, with pm = ondemand 511"),
    LISTEN_OWNER(
            Scope.POOL,
            "listen.owner",
            null,
            "the socket belongs to root, so that nobody can open it to others; without listen.group this name becomes"
                    + " spec.socket.group"),
    LISTEN_GROUP(
            Scope.POOL,
            "listen.group",
            "spec.socket.group",
            "who may connect: the web server's group, never that of PHP itself, which becomes the default, www-data"),
    LISTEN_MODE(
            Scope.POOL,
            "listen.mode",
            "spec.socket.mode",
            "nothing for others, and the group may read and write: anything else becomes the default, 0660"),
    LISTEN_ACL_USERS(
            Scope.POOL,
            "listen.acl_users",
            null,
            "a socket is opened to one group: take these users into it, and name it in spec.socket.group"),
    LISTEN_ACL_GROUPS(
            Scope.POOL, "listen.acl_groups", null, "a socket is opened to one group: name it in spec.socket.group"),
    LISTEN_ALLOWED_CLIENTS(
            Scope.POOL,
            "listen.allowed_clients",
            null,
            "it is about TCP; who may connect here is in spec.socket.group"),
    PROCESS_PRIORITY(Scope.POOL, "process.priority", null, "give the pool its share by spec.resources.cpuWeight"),
    PROCESS_DUMPABLE(Scope.POOL, "process.dumpable", null, "it is for those who look into running processes"),
    PM(Scope.POOL, "pm", "spec.processManager.type", "needed"),
    PM_MAX_CHILDREN(Scope.POOL, "pm.max_children", "spec.processManager.maxChildren", "needed; at most 10000"),
    PM_START_SERVERS(Scope.POOL, "pm.start_servers", "spec.processManager.startServers", "with pm = dynamic"),
    PM_MIN_SPARE_SERVERS(
            Scope.POOL,
            "pm.min_spare_servers",
            "spec.processManager.minSpareServers",
            "with pm = dynamic, and needed there"),
    PM_MAX_SPARE_SERVERS(
            Scope.POOL,
            "pm.max_spare_servers",
            "spec.processManager.maxSpareServers",
            "with pm = dynamic, and needed there"),
    PM_MAX_SPAWN_RATE(
            Scope.POOL,
            "pm.max_spawn_rate",
            "spec.processManager.maxSpawnRate",
            "with pm = dynamic and PHP 8.1 or newer; at most 10000",
            8,
            1),
    PM_PROCESS_IDLE_TIMEOUT(
            Scope.POOL,
            "pm.process_idle_timeout",
            "spec.processManager.idleTimeout",
            "with pm = ondemand; from 1s to 24h, whole seconds: 500ms is 500 seconds for PHP-FPM"),
    PM_MAX_REQUESTS(
            Scope.POOL,
            "pm.max_requests",
            "spec.processManager.maxRequests",
            "without it 0, never, as in PHP-FPM; the manifest's own default is 500"),
    PM_STATUS_PATH(
            Scope.POOL,
            "pm.status_path",
            "spec.monitoring.statusPath",
            "with PHP 8.0 or newer also at a socket of its own, where asking starts no pool"),
    PM_STATUS_LISTEN(
            Scope.POOL,
            "pm.status_listen",
            "spec.monitoring.statusSocket",
            "with PHP 8.0 or newer; the socket is `/run/unitsmith/status/<namespace>.<name>/fpm.sock`",
            8,
            0),
    PING_PATH(Scope.POOL, "ping.path", "spec.monitoring.pingPath", "another one than pm.status_path"),
    PING_RESPONSE(Scope.POOL, "ping.response", "spec.monitoring.pingResponse", "with ping.path"),
    ACCESS_LOG(
            Scope.POOL,
            "access.log",
            "spec.accessLog.enabled",
            "the file is `/var/log/unitsmith/<namespace>.<name>/access.log`"),
    ACCESS_FORMAT(Scope.POOL, "access.format", "spec.accessLog.format", "with access.log"),
    ACCESS_SUPPRESS_PATH(
            Scope.POOL,
            "access.suppress_path[]",
            "spec.accessLog.suppressPaths",
            "with access.log and PHP 8.2 or newer; at most 32",
            8,
            2),
    SLOWLOG(
            Scope.POOL,
            "slowlog",
            "spec.slowlog",
            "with request_slowlog_timeout; the file is `/var/log/unitsmith/<namespace>.<name>/slow.log`"),
    REQUEST_SLOWLOG_TIMEOUT(
            Scope.POOL,
            "request_slowlog_timeout",
            "spec.slowlog.timeout",
            "0 is off; at most 24h, and no longer than request_terminate_timeout"),
    REQUEST_SLOWLOG_TRACE_DEPTH(
            Scope.POOL,
            "request_slowlog_trace_depth",
            "spec.slowlog.traceDepth",
            "with request_slowlog_timeout and PHP 7.2 or newer; from 1 to 1000",
            7,
            2),
    REQUEST_TERMINATE_TIMEOUT(
            Scope.POOL, "request_terminate_timeout", "spec.requestTerminateTimeout", "0 is off; at most 24h"),
    REQUEST_TERMINATE_TIMEOUT_TRACK_FINISHED(
            Scope.POOL,
            "request_terminate_timeout_track_finished",
            null,
            "the time ends with fastcgi_finish_request(), as it does by default: set max_execution_time too",
            7,
            3),
    RLIMIT_FILES(Scope.POOL, "rlimit_files", "spec.rlimitFiles", "from 64 to 1048576; 0 is nothing said"),
    RLIMIT_CORE(Scope.POOL, "rlimit_core", "spec.rlimitCore", "0 is nothing said"),
    CHROOT(
            Scope.POOL,
            "chroot",
            null,
            "PHP sees the host's own paths: complete those of settings and of the web server's SCRIPT_FILENAME with it, and"
                    + " confine the pool by spec.hardening"),
    CHDIR(Scope.POOL, "chdir", "spec.chdir", "in its shortest form; / is where PHP starts anyway"),
    CATCH_WORKERS_OUTPUT(Scope.POOL, "catch_workers_output", "spec.catchWorkersOutput", "to the journal"),
    DECORATE_WORKERS_OUTPUT(
            Scope.POOL, "decorate_workers_output", "spec.decorateWorkersOutput", "with PHP 7.3 or newer", 7, 3),
    CLEAR_ENV(
            Scope.POOL,
            "clear_env",
            "spec.clearEnv",
            "with no, PHP has the variables that systemd gives to services, not those of a shell"),
    LIMIT_EXTENSIONS(
            Scope.POOL,
            "security.limit_extensions",
            "spec.limitExtensions",
            "without it .php and .phar, as in PHP-FPM; an empty one, which runs every file, becomes the default, .php alone"),
    APPARMOR_HAT(Scope.POOL, "apparmor_hat", null, "confine the pool by spec.hardening"),
    ENV(
            Scope.POOL,
            "env[]",
            "spec.env",
            "not a value that begins with $, which is a variable of the master's environment; for passwords use"
                    + " spec.envFrom"),
    PHP_VALUE(Scope.POOL, "php_value[]", "spec.phpValues", Wording.SETTINGS),
    PHP_FLAG(Scope.POOL, "php_flag[]", "spec.phpFlags", Wording.SETTINGS),
    PHP_ADMIN_VALUE(Scope.POOL, "php_admin_value[]", "spec.phpAdminValues", Wording.SETTINGS),
    PHP_ADMIN_FLAG(Scope.POOL, "php_admin_flag[]", "spec.phpAdminFlags", Wording.SETTINGS),
    INCLUDE(Scope.ANYWHERE, "include", null, "the files are read, at most 5 deep");

    /** The section that it may stand in. */
    public enum Scope {
        GLOBAL,
        POOL,
        ANYWHERE
    }

    /** What more than one directive says. */
    private static final class Wording {
        static final String SETTINGS =
                "not extension, extension_dir, zend_extension, auto_prepend_file and auto_append_file, which are php.ini's";
    }

    private static final Map<String, FpmDirective> IN_GLOBAL = in(Scope.GLOBAL);
    private static final Map<String, FpmDirective> IN_POOL = in(Scope.POOL);

    private final Scope scope;
    private final String text;
    private final @Nullable String field;
    private final String remark;
    private final int major;
    private final int minor;

    FpmDirective(Scope scope, String text, @Nullable String field, String remark) {
        this(scope, text, field, remark, 0, 0);
    }

    /** Of a directive that PHP knows since version {@code major.minor}. */
    FpmDirective(Scope scope, String text, @Nullable String field, String remark, int major, int minor) {
        this.scope = scope;
        this.text = text;
        this.field = field;
        this.remark = remark;
        this.major = major;
        this.minor = minor;
    }

    public Scope scope() {
        return scope;
    }

    /** As it stands in a configuration; with brackets behind it where there is a key in them. */
    public String text() {
        return text;
    }

    /** The field of a PhpFpmPool that it becomes; null if there is none. */
    public @Nullable String field() {
        return field;
    }

    /** The conditions of that, or why there is no field and what to do. */
    public String remark() {
        return remark;
    }

    /** Whether a PHP of this version, such as {@code 8.4}, knows it. */
    boolean isKnownTo(String version) {
        return PhpVersion.of(version).isAtLeast(major, minor);
    }

    /** The directive that a line is; null if PHP-FPM knows none of that name there. */
    static @Nullable FpmDirective of(IniLine.Entry entry, Scope scope) {
        Map<String, FpmDirective> known = scope == Scope.GLOBAL ? IN_GLOBAL : IN_POOL;
        // only names with a key are told by their case
        return entry.key() == null ? known.get(entry.name().toLowerCase(Locale.ROOT)) : known.get(entry.name() + "[]");
    }

    private static Map<String, FpmDirective> in(Scope scope) {
        return Arrays.stream(values())
                .filter(directive -> directive.scope == scope)
                .collect(Collectors.toMap(FpmDirective::text, Function.identity()));
    }
}
