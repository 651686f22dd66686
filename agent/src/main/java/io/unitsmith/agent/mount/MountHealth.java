package io.unitsmith.agent.mount;

import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;

/** How a mount fares: mounted, or waiting for the first access. */
final class MountHealth {

    private MountHealth() {}

    static Health judge(RemoteMountSpec spec, UnitState trigger, UnitState mount) {
        if (mount.isActive() && trigger.isActive()) {
            return new Health(State.MOUNTED, Reason.READY, "mounted at " + spec.path());
        }
        if (mount.isFailed()) {
            String next = spec.automount().enabled() ? "the next access tries again" : "nothing tries again by itself";
            return failed(
                    "%s failed%s; %s: see journalctl -u '%1$s'".formatted(mount.name(), mount.resultNote(), next));
        }
        if (!trigger.isActive() && !trigger.activeState().equals("activating")) {
            String condition = trigger.loadState().equals("loaded") ? trigger.activeState() : trigger.loadState();
            return failed("%s is %s%s, so nothing gets mounted: see systemctl status '%1$s'"
                    .formatted(trigger.name(), condition, trigger.resultNote()));
        }
        return new Health(
                State.READY,
                Reason.READY,
                spec.path() + (spec.automount().enabled() ? " is mounted at the first access" : " is being mounted"));
    }

    private static Health failed(String message) {
        return new Health(State.FAILED, Reason.UNIT_FAILED, message);
    }
}
