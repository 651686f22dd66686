package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec.ProcessManager;
import io.unitsmith.api.v1alpha1.Reason;

/** What a spec asks for and its PHP version does not know: PHP-FPM would not start with it. */
final class VersionRules {

    // PHP-FPM's own, and before it knew the directives the only ones.
    private static final int BUILT_IN_SPAWN_RATE = 32;
    private static final int BUILT_IN_TRACE_DEPTH = 20;

    private final PhpFpmPoolSpec spec;
    private final Problems problems;

    private VersionRules(PhpFpmPoolSpec spec, Problems problems) {
        this.spec = spec;
        this.problems = problems;
    }

    static void check(PhpFpmPoolSpec spec, Problems problems) {
        var rules = new VersionRules(spec, problems);
        ProcessManager manager = spec.processManager();
        if (manager.type() == ProcessManager.Type.DYNAMIC && manager.maxSpawnRate() != BUILT_IN_SPAWN_RATE) {
            rules.require(Directive.MAX_SPAWN_RATE, "spec.processManager.maxSpawnRate", manager.maxSpawnRate());
        }
        if (spec.accessLog().enabled() && !spec.accessLog().suppressPaths().isEmpty()) {
            rules.require(
                    Directive.SUPPRESS_PATH,
                    "spec.accessLog.suppressPaths",
                    spec.accessLog().suppressPaths());
        }
        if (spec.slowlog() != null && spec.slowlog().traceDepth() != BUILT_IN_TRACE_DEPTH) {
            rules.require(
                    Directive.SLOWLOG_TRACE_DEPTH,
                    "spec.slowlog.traceDepth",
                    spec.slowlog().traceDepth());
        }
        if (spec.monitoring().hasStatusSocket() && !Directive.STATUS_LISTEN.isKnownTo(spec.phpVersion())) {
            problems.add(
                    Reason.INVALID,
                    "spec.monitoring.statusSocket",
                    "a socket for the status needs PHP %s or newer; say false for PHP %s"
                            .formatted(Directive.STATUS_LISTEN.since(), spec.phpVersion()));
        }
        if (!spec.decorateWorkersOutput()) {
            rules.require(Directive.DECORATE_WORKERS_OUTPUT, "spec.decorateWorkersOutput", false);
        }
    }

    private void require(Directive directive, String field, Object value) {
        if (!directive.isKnownTo(spec.phpVersion())) {
            problems.add(
                    Reason.INVALID,
                    field,
                    "%s needs PHP %s or newer; leave it out for PHP %s"
                            .formatted(value, directive.since(), spec.phpVersion()));
        }
    }
}
