package io.unitsmith.agent.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.facts.Mounted;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.api.v1alpha1.DriftPolicy;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.Automount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountHealthTest {

    @ParameterizedTest
    @CsvSource({
        "active, inactive, READY",
        "active, activating, READY",
        "active, active, MOUNTED",
        "active, failed, FAILED",
        "inactive, active, FAILED",
        "inactive, inactive, FAILED",
        "failed, inactive, FAILED"
    })
    void anAutomountWaitsOrIsMounted(String automount, String mount, State expected) {
        assertThat(judge(true, unit("automount", automount, "success"), unit("mount", mount, "success"))
                        .state())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"active, MOUNTED", "activating, READY", "inactive, FAILED", "failed, FAILED"})
    void aMountWithoutAutomountHasToBeMounted(String mount, State expected) {
        UnitState unit = unit("mount", mount, "success");
        assertThat(judge(false, unit, unit).state()).isEqualTo(expected);
    }

    @Test
    void aFailureNamesTheUnitItsResultAndWhatToDo() {
        assertThat(judge(true, unit("automount", "active", "success"), unit("mount", "failed", "timeout")))
                .isEqualTo(
                        new Health(
                                State.FAILED,
                                Reason.UNIT_FAILED,
                                "srv-a\\x20b.mount failed (timeout); the next access tries again: see journalctl -u 'srv-a\\x20b.mount'"));
        assertThat(judge(
                                true,
                                unit("automount", "failed", "mount-start-limit-hit"),
                                unit("mount", "inactive", "success"))
                        .message())
                .startsWith("srv-a\\x20b.automount is failed (mount-start-limit-hit), so nothing gets mounted");
    }

    @Test
    void aMountOfS3fsThatEndedRightAfterItBeganNeverWorked() {
        assertThat(judge(RemoteMountSpec.Type.S3FS, ended(Duration.ofMillis(1900))))
                .isEqualTo(
                        new Health(
                                State.FAILED,
                                Reason.UNIT_FAILED,
                                "srv-a.mount was mounted and ended by itself at once; the next access tries again: see journalctl -u 'srv-a.mount'"));
        assertThat(judge(RemoteMountSpec.Type.S3FS, ended(Duration.ofSeconds(10)))
                        .state())
                .as("taken away by somebody, or its helper crashed")
                .isEqualTo(State.READY);
        assertThat(judge(RemoteMountSpec.Type.SSHFS, ended(Duration.ofMillis(1900)))
                        .state())
                .as("asks its server before it is mounted")
                .isEqualTo(State.READY);
    }

    private static Health judge(RemoteMountSpec.Type type, UnitState mount) {
        return MountHealth.judge(spec(type, true), unit("automount", "active", "success"), mount, null);
    }

    private static UnitState ended(Duration lasted) {
        return new UnitState("srv-a.mount", "loaded", "inactive", "dead", "", null, 0, lasted, Instant.EPOCH);
    }

    @Test
    void aServerThatHangsOrFailsIsToldWithWhatToDo() {
        Instant since = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(judge(new Sight.Hung(since)))
                .isEqualTo(
                        new Health(
                                State.HUNG,
                                Reason.MOUNT_HUNG,
                                "files:/ has not answered since 2026-01-01T00:00:00Z, and whoever uses /srv/a b waits for it: look after the server;"
                                        + " it is seen by itself when it answers again. To take it away: umount --force --lazy '/srv/a b'"));
        assertThat(judge(new Sight.Broken(since, "Stale file handle")))
                .isEqualTo(
                        new Health(
                                State.FAILED,
                                Reason.MOUNT_BROKEN,
                                "files:/ is mounted at /srv/a b and cannot be used: Stale file handle. To take it away: umount --force --lazy '/srv/a b'"));
        assertThat(judge(new Sight.Well(1, 1)).state()).isEqualTo(State.MOUNTED);
        assertThat(judge(new Sight.Unknown()).state()).isEqualTo(State.MOUNTED);
    }

    private static Health judge(Sight.Answer answer) {
        var sight = new Sight(new Mounted("0:41", "files:/", "nfs4", "rw"), answer);
        return judge(true, unit("automount", "active", "success"), unit("mount", "active", "success"), sight);
    }

    private static Health judge(boolean automount, UnitState trigger, UnitState mount) {
        return judge(automount, trigger, mount, null);
    }

    private static Health judge(boolean automount, UnitState trigger, UnitState mount, Sight sight) {
        return MountHealth.judge(spec(RemoteMountSpec.Type.NFS4, automount), trigger, mount, sight);
    }

    private static RemoteMountSpec spec(RemoteMountSpec.Type type, boolean automount) {
        return new RemoteMountSpec(
                null,
                List.of("web-1"),
                type,
                "files.example.com:/",
                "/srv/a b",
                null,
                false,
                new Automount(automount, "5m"),
                "30s",
                "0755",
                null,
                false,
                true,
                null,
                null,
                DriftPolicy.REPAIR,
                null,
                null);
    }

    private static UnitState unit(String type, String active, String result) {
        return new UnitState("srv-a\\x20b." + type, "loaded", active, active, result, null, 0);
    }
}
