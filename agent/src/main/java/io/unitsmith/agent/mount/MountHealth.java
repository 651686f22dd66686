package io.unitsmith.agent.mount;

import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a mount fares: mounted, or waiting for the first access. */
final class MountHealth {

    /** What was there for longer was taken away by somebody, or its helper has crashed: the next access mounts it again. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    private MountHealth() {}

    static Health judge(RemoteMountSpec spec, UnitState trigger, UnitState mount, @Nullable Sight sight) {
        if (mount.isActive() && trigger.isActive()) {
            return sight == null ? mounted(spec) : mounted(spec, sight);
        }
        if (mount.isFailed()) {
            return failed("%s failed%s; %s: see journalctl -u '%1$s'"
                    .formatted(mount.name(), mount.resultNote(), nextTry(spec)));
        }
        @Nullable Duration lasted = mount.lasted();
        if (lasted != null
                && lasted.compareTo(AT_ONCE) < 0
                && FileSystem.of(spec.type()).mountsUnasked()) {
            return failed("%s was mounted and ended by itself at once; %s: see journalctl -u '%1$s'"
                    .formatted(mount.name(), nextTry(spec)));
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

    private static Health mounted(RemoteMountSpec spec) {
        return new Health(State.MOUNTED, Reason.READY, "mounted at " + spec.path());
    }

    private static Health mounted(RemoteMountSpec spec, Sight sight) {
        String source = sight.mounted().source();
        return switch (sight.answer()) {
            case Sight.Hung(Instant since) ->
                new Health(
                        State.HUNG,
                        Reason.MOUNT_HUNG,
                        "%s has not answered since %s, and whoever uses %s waits for it: look after the server; it is seen by itself when it answers again. %s"
                                .formatted(source, since, spec.path(), next(spec)));
            case Sight.Broken broken ->
                new Health(
                        State.FAILED,
                        Reason.MOUNT_BROKEN,
                        "%s is mounted at %s and cannot be used: %s. %s"
                                .formatted(source, spec.path(), broken.words(), next(spec)));
            default -> mounted(spec);
        };
    }

    private static String nextTry(RemoteMountSpec spec) {
        return spec.automount().enabled() ? "the next access tries again" : "nothing tries again by itself";
    }

    private static String next(RemoteMountSpec spec) {
        return spec.health().action() == RemoteMountSpec.HealthAction.FORCE_UNMOUNT
                ? "It is taken away by force if that lasts"
                : "To take it away: umount --force --lazy '%s'".formatted(spec.path());
    }

    private static Health failed(String message) {
        return new Health(State.FAILED, Reason.UNIT_FAILED, message);
    }
}
