package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec.ProcessManager;
import io.unitsmith.api.v1alpha1.Reason;
import org.jspecify.annotations.Nullable;

/** What stands against a pool's processes: how many there are, and when they end. */
final class ProcessRules {

    private static final int LEAST_IDLE_SECONDS = 30;

    private final Problems problems;

    private ProcessRules(Problems problems) {
        this.problems = problems;
    }

    static void check(PhpFpmPoolSpec spec, Problems problems) {
        new ProcessRules(problems).checkManager(spec.processManager());
        problems.addUnlessDuration("spec.idle.timeout", spec.idle().timeout(), LEAST_IDLE_SECONDS);
        problems.addUnlessDuration("spec.requestTerminateTimeout", spec.requestTerminateTimeout(), 0);
        problems.addUnlessDuration("spec.reload.gracePeriod", spec.reload().gracePeriod(), 1);
    }

    private void checkManager(ProcessManager manager) {
        String at = "spec.processManager.";
        switch (manager.type()) {
            case DYNAMIC -> checkDynamic(manager);
            case ONDEMAND, STATIC -> {
                refuseUnlessDynamic(at + "startServers", manager.startServers());
                refuseUnlessDynamic(at + "minSpareServers", manager.minSpareServers());
                refuseUnlessDynamic(at + "maxSpareServers", manager.maxSpareServers());
            }
        }
        problems.addUnlessDuration(at + "idleTimeout", manager.idleTimeout(), 1);
    }

    private void checkDynamic(ProcessManager manager) {
        String at = "spec.processManager.";
        Integer start = manager.startServers();
        Integer min = manager.minSpareServers();
        Integer max = manager.maxSpareServers();
        if (min == null || max == null) {
            String missing = min == null ? "minSpareServers" : "maxSpareServers";
            add(at + missing, "missing: type dynamic needs minSpareServers and maxSpareServers");
            return;
        }
        if (max > manager.maxChildren()) {
            add(
                    at + "maxSpareServers",
                    "%d is more than maxChildren, which is %d".formatted(max, manager.maxChildren()));
        }
        if (min > max) {
            add(at + "minSpareServers", "%d is more than maxSpareServers, which is %d".formatted(min, max));
        } else if (start != null && (start < min || start > max)) {
            add(
                    at + "startServers",
                    "%d is not between minSpareServers and maxSpareServers, which are %d and %d"
                            .formatted(start, min, max));
        }
    }

    private void refuseUnlessDynamic(String field, @Nullable Integer value) {
        if (value != null) {
            add(field, "%d goes with type dynamic only: leave it out".formatted(value));
        }
    }

    private void add(String field, String message) {
        problems.add(Reason.INVALID, field, message);
    }
}
