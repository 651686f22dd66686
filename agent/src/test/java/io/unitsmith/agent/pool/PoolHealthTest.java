package io.unitsmith.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolHealthTest {

    @ParameterizedTest
    @CsvSource({
        "listening, inactive, success, IDLE",
        "running, active, success, READY",
        "running, reloading, success, READY",
        "running, activating, success, READY",
        "running, deactivating, success, READY",
        "listening, failed, exit-code, FAILED"
    })
    void whileTheSocketListensTheServiceDecides(String sub, String active, String result, State expected) {
        assertThat(PoolHealth.judge(socket("loaded", "active", sub, "success"), service(active, result))
                        .state())
                .isEqualTo(expected);
    }

    @Test
    void aFailedServiceIsNamedWithItsResultAndWhatToDo() {
        assertThat(PoolHealth.judge(socket("loaded", "active", "listening", "success"), service("failed", "exit-code")))
                .isEqualTo(
                        new Health(
                                State.FAILED,
                                Reason.UNIT_FAILED,
                                "unitsmith-fpm@a.b.service failed (exit-code); the next request tries again: see journalctl -u unitsmith-fpm@a.b.service"));
    }

    @Test
    void withoutASocketThatListensNobodyCanConnectWhateverTheServiceDoes() {
        assertThat(PoolHealth.judge(
                                socket("loaded", "failed", "failed", "trigger-limit-hit"), service("active", "success"))
                        .message())
                .startsWith("unitsmith-fpm@a.b.socket is failed (trigger-limit-hit), so nobody can connect");
        assertThat(PoolHealth.judge(socket("masked", "inactive", "dead", "success"), service("inactive", "success"))
                        .message())
                .startsWith("unitsmith-fpm@a.b.socket is masked, so nobody can connect");
        assertThat(PoolHealth.judge(
                                UnitState.absent("unitsmith-fpm@a.b.socket"),
                                UnitState.absent("unitsmith-fpm@a.b.service"))
                        .state())
                .isEqualTo(State.FAILED);
    }

    private static UnitState socket(String load, String active, String sub, String result) {
        return new UnitState("unitsmith-fpm@a.b.socket", load, active, sub, result, null, 0);
    }

    private static UnitState service(String active, String result) {
        return new UnitState("unitsmith-fpm@a.b.service", "loaded", active, active, result, null, 0);
    }
}
