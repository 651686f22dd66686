package io.unitsmith.agent.pool;

import io.unitsmith.api.v1alpha1.PhpVersion;

/** PHP-FPM's directives that not every PHP knows; one that it does not know keeps it from starting (UPGRADING of php-src). */
enum Directive {
    SLOWLOG_TRACE_DEPTH("request_slowlog_trace_depth", 7, 2),
    DECORATE_WORKERS_OUTPUT("decorate_workers_output", 7, 3),
    STATUS_LISTEN("pm.status_listen", 8, 0),
    MAX_SPAWN_RATE("pm.max_spawn_rate", 8, 1),
    SUPPRESS_PATH("access.suppress_path[]", 8, 2);

    private final String text;
    private final int major;
    private final int minor;

    Directive(String text, int major, int minor) {
        this.text = text;
        this.major = major;
        this.minor = minor;
    }

    /** As it stands in a configuration. */
    String text() {
        return text;
    }

    /** The first PHP that knows it, such as {@code 8.1}. */
    String since() {
        return major + "." + minor;
    }

    /** Whether a PHP of this version, such as {@code 8.4}, knows it. */
    boolean isKnownTo(String phpVersion) {
        return PhpVersion.of(phpVersion).isAtLeast(major, minor);
    }
}
