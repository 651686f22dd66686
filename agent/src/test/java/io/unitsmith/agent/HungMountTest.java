package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mountWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.agent.workload.Sight.Broken;
import io.unitsmith.agent.workload.Sight.Hung;
import io.unitsmith.agent.workload.Sight.Unknown;
import io.unitsmith.agent.workload.Sight.Well;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that hangs, dies and comes back, as the agent sees it. */
class HungMountTest {

    private static final String UNIT = "srv-files.mount";
    private static final String PROBE = "START unitsmith-probe@srv-files.service";
    private static final String FORCE = "START unitsmith-unmount-force@srv-files.service";
    private static final String AUTOFS = "36 35 0:40 / /srv/files rw - autofs systemd-1 rw,direct\n";

    @TempDir
    private Path root;

    private TestHost host;

    /** What the server says when it is asked; nothing while it hangs. */
    private String says = "87 100 4096\n";

    @BeforeEach
    void setUp() throws IOException {
        host = new TestHost(root);
        for (String unit : List.of("probe", "unmount-force", "unmount-lazy")) {
            Files.createDirectories(root.resolve("etc/systemd/system"));
            Files.writeString(root.resolve("etc/systemd/system/unitsmith-%s@.service".formatted(unit)), "");
        }
        Files.createDirectories(root.resolve("run/unitsmith/probe"));
        host.systemd.hook = moment -> {
            if (moment.equals(PROBE) && !isWaiting()) {
                write(says);
            } else if (moment.startsWith("START unitsmith-unmount-")) {
                unmounted();
            }
            return true;
        };
    }

    @Test
    void aServerIsAskedWhenItsFileSystemIsMountedAndThenNotSoOftenThatItIsNeverIdle() {
        mount("automount: {idleTimeout: 4m}\nhealth: {interval: 1m}");
        assertThat(host.systemd.jobs).as("while nothing is mounted").doesNotContain(PROBE);

        mounted("0:41");
        assertThat(sight().answer()).isEqualTo(new Well(87 * 4096, 100 * 4096));
        assertThat(asked()).isEqualTo(1);
        host.clock.pass(Duration.ofMinutes(5));
        host.turn();
        assertThat(asked()).as("within the time that it takes to be unmounted").isEqualTo(1);
        host.clock.pass(Duration.ofMinutes(2));
        host.turn();
        assertThat(asked()).as("somebody else uses it").isEqualTo(2);

        mounted("0:42");
        host.turn();
        assertThat(asked()).as("another time that it is mounted").isEqualTo(3);
    }

    @Test
    void aMountThatIsNeverUnmountedIsAskedForEveryIntervalAndOneThatIsNotToBeAskedForNever() {
        mount("automount: {idleTimeout: 0s}\nhealth: {interval: 10s}");
        mounted("0:41");
        host.turn();
        host.clock.pass(Duration.ofSeconds(10));
        host.turn();
        assertThat(asked()).isEqualTo(2);

        mount("automount: {idleTimeout: 0s}\nhealth: {probe: none}");
        host.turn();
        host.clock.pass(Duration.ofHours(1));
        assertThat(sight().answer()).isEqualTo(new Unknown());
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void aServerThatDoesNotAnswerInTimeHangsUntilItDoes() {
        mount("health: {timeout: 10s}");
        mounted("0:41");
        host.turn();
        says = "";
        host.clock.pass(Duration.ofMinutes(8));
        var asked = host.clock.instant();
        assertThat(sight().answer()).as("it has some time").isInstanceOf(Well.class);
        host.clock.pass(Duration.ofSeconds(10));
        assertThat(sight().answer()).isEqualTo(new Hung(asked));

        host.start(Checkpoint.NONE);
        assertThat(sight().answer()).as("to an agent that is new").isEqualTo(new Hung(asked));

        write("86 100 4096\n");
        assertThat(sight().answer()).isEqualTo(new Well(86 * 4096, 100 * 4096));
    }

    @Test
    void aQuestionOfBeforeItWasMountedAnewSaysNothing() {
        mount("");
        mounted("0:41");
        host.turn();
        says = "";
        host.clock.pass(Duration.ofMinutes(8));
        host.turn();
        host.clock.pass(Duration.ofMinutes(1));
        mounted("0:42");
        assertThat(sight().answer()).isEqualTo(new Unknown());
    }

    @Test
    void anErrorIsToldInTheKernelsWords() {
        says = "stat: cannot read file system information for '/srv/files': Stale file handle\n";
        mount("");
        mounted("0:41");
        assertThat(sight().answer()).isEqualTo(new Broken(host.clock.instant(), "Stale file handle"));
    }

    @Test
    void whatHangsIsNotStoppedAndFollowsWhenItDoesNotHangAnyMore() {
        mount("");
        hang();
        host.systemd.jobs.clear();
        host.live("files", mountWith("r2", "/srv/files", "readOnly: true"));
        assertThat(failure()).isEqualTo("MountHung");
        host.remove("files");
        assertThat(failure()).isEqualTo("MountHung");
        assertThat(host.systemd.jobs).noneMatch(job -> job.startsWith("STOP") || job.startsWith("RE"));
        assertThat(host.systemd.isActive("srv-files.automount")).isTrue();

        write("1 1 1\n");
        host.clock.pass(Duration.ofSeconds(10));
        assertThat(host.turn().ledger().assignments()).isEmpty();
        assertThat(host.systemd.jobs).contains("STOP srv-files.mount");
        assertThat(root.resolve("run/unitsmith/probe/srv-files")).doesNotExist();
    }

    @Test
    void withUnmountPolicyForceNothingWaits() {
        mount("unmountPolicy: Force");
        hang();
        host.remove("files");
        host.start(Checkpoint.NONE);
        assertThat(host.turn().failures()).isEmpty();
        assertThat(host.systemd.jobs).contains(FORCE);
        assertThat(host.turn().ledger().assignments()).isEmpty();
    }

    @Test
    void withUnmountPolicyLazyItLeavesTheTree() {
        mount("unmountPolicy: Lazy");
        mounted("0:41");
        host.turn();
        host.systemd.jobs.clear();
        host.live("files", mountWith("r2", "/srv/files", "unmountPolicy: Lazy\nreadOnly: true"));
        assertThat(host.turn().failures()).isEmpty();
        assertThat(host.systemd.jobs).contains("START unitsmith-unmount-lazy@srv-files.service");
    }

    @Test
    void aPolicyThatIsEditedMountsNothingAnew() {
        mount("");
        mounted("0:41");
        host.turn();
        host.systemd.jobs.clear();
        host.live("files", mountWith("r2", "/srv/files", "unmountPolicy: Force"));
        assertThat(host.turn().failures()).isEmpty();
        assertThat(host.systemd.jobs).noneMatch(job -> job.contains(UNIT));
        assertThat(host.systemd.jobs).doesNotContain(FORCE);
    }

    @Test
    void withActionForceUnmountItIsTakenAwayOnceItHasHungForTwiceTheTimeout() {
        mount("health: {timeout: 10s, action: ForceUnmount}");
        hang();
        host.systemd.jobs.clear();
        host.clock.pass(Duration.ofSeconds(9));
        host.turn();
        assertThat(host.systemd.jobs).doesNotContain(FORCE);
        host.clock.pass(Duration.ofSeconds(1));
        host.turn();
        assertThat(host.systemd.jobs).containsOnlyOnce(FORCE);
        assertThat(host.turn().sights()).isEmpty();
    }

    @Test
    void anErrorThatPassesTakesNothingAwayAndOneThatLastsDoes() {
        mount("health: {timeout: 10s, action: ForceUnmount}");
        says = "stat: cannot read file system information for '/srv/files': Stale file handle\n";
        mounted("0:41");
        assertThat(sight().answer()).isInstanceOf(Broken.class);
        says = "1 1 1\n";
        host.clock.pass(Duration.ofSeconds(20));
        assertThat(sight().answer()).isInstanceOf(Well.class);
        assertThat(host.systemd.jobs).doesNotContain(FORCE);

        says = "stat: cannot read file system information for '/srv/files': Stale file handle\n";
        host.clock.pass(Duration.ofMinutes(8));
        host.turn();
        host.clock.pass(Duration.ofSeconds(20));
        host.turn();
        assertThat(host.systemd.jobs).contains(FORCE);
    }

    @Test
    void anAnswerOfBeforeItWasMountedAnewIsForgottenThoughTheKernelGivesTheSameNumberAgain() {
        mount("health: {timeout: 10s, action: ForceUnmount}");
        hang();
        host.clock.pass(Duration.ofSeconds(11));
        unmounted();
        host.clock.pass(Duration.ofSeconds(11));
        mounted("0:41");
        assertThat(sight().answer()).isEqualTo(new Unknown());
        assertThat(host.systemd.jobs).doesNotContain(FORCE);
    }

    @Test
    void itHangsAlsoWhileSomebodyHasSystemdUnmountIt() {
        mount("");
        hang();
        host.systemd.deactivate(UNIT);
        assertThat(sight().answer()).isInstanceOf(Hung.class);
    }

    @Test
    void anErrorTakesNothingAwayWhileTheServerIsAskedAgain() {
        mount("health: {timeout: 10s, action: ForceUnmount}");
        says = "stat: cannot read file system information for '/srv/files': Stale file handle\n";
        mounted("0:41");
        host.turn();
        says = "";
        host.clock.pass(Duration.ofSeconds(20));
        write("");
        host.turn();
        assertThat(host.systemd.jobs).doesNotContain(FORCE);
    }

    @Test
    void aManifestThatCannotBeReadTakesNoTurn() {
        mount("");
        mounted("0:41");
        host.live("files", mountWith("r2", "/srv/files", "health: {interval: \"60\"}"));
        host.live("other", mountWith("r1", "/srv/other", ""));
        Turn turn = host.turn();
        assertThat(turn.ledger().assignments().get("files").revision()).isEqualTo("r1");
        assertThat(turn.ledger().assignments().get("other").revision()).isEqualTo("r1");
    }

    private void mount(String more) {
        host.live("files", mountWith("r1", "/srv/files", more));
        assertThat(host.turn().failures()).isEmpty();
    }

    /** It is mounted, and has hung for the default timeout. */
    private void hang() {
        says = "";
        mounted("0:41");
        host.turn();
        host.clock.pass(Duration.ofSeconds(10));
        assertThat(sight().answer()).isInstanceOf(Hung.class);
    }

    private Sight sight() {
        return Objects.requireNonNull(host.turn().sights().get(UNIT));
    }

    private String failure() {
        return Objects.requireNonNull(host.turn().failures().get("files")).reason();
    }

    private long asked() {
        return host.systemd.jobs.stream().filter(PROBE::equals).count();
    }

    private boolean isWaiting() {
        Path answer = root.resolve("run/unitsmith/probe/srv-files");
        try {
            return Files.exists(answer) && Files.readString(answer).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String answer) {
        try {
            Path file = Files.writeString(root.resolve("run/unitsmith/probe/srv-files"), answer);
            Files.setLastModifiedTime(file, FileTime.from(host.clock.instant()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mounted(String device) {
        mountinfo(AUTOFS + "37 36 %s / /srv/files rw,nosuid - nfs4 files:/export rw,addr=10.0.0.7\n".formatted(device));
        host.systemd.activate(UNIT);
    }

    private void unmounted() {
        mountinfo(AUTOFS);
        host.systemd.stop(UNIT);
    }

    private void mountinfo(String text) {
        try {
            Files.writeString(root.resolve("proc/self/mountinfo"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
