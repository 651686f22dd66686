package io.unitsmith.agent.pool;

import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Reason;

/** How a pool fares: its socket has to listen; the master may be there or not. */
final class PoolHealth {

    private PoolHealth() {}

    static Health judge(UnitState socket, UnitState service) {
        if (!socket.isActive()) {
            return failed("%s is %s%s, so nobody can connect: see journalctl -u %1$s and systemctl status %1$s"
                    .formatted(socket.name(), condition(socket), socket.resultNote()));
        }
        if (service.isFailed()) {
            return failed("%s failed%s; the next request tries again: see journalctl -u %1$s"
                    .formatted(service.name(), service.resultNote()));
        }
        return service.activeState().equals("inactive")
                ? new Health(State.IDLE, Reason.IDLE, "the socket listens; the first request starts PHP-FPM")
                : new Health(State.READY, Reason.READY, "PHP-FPM is " + service.activeState());
    }

    private static Health failed(String message) {
        return new Health(State.FAILED, Reason.UNIT_FAILED, message);
    }

    private static String condition(UnitState unit) {
        return unit.loadState().equals("loaded") ? unit.activeState() : unit.loadState();
    }
}
