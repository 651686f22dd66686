package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mount;
import static io.unitsmith.agent.TestHost.pool;
import static io.unitsmith.agent.TestHost.poolWithMount;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.admit.Verdict;
import io.unitsmith.agent.admit.Verdict.Accepted;
import io.unitsmith.agent.admit.Verdict.Rejected;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** requiresMounts: a pool and its mount on one host, in whatever order they come and go. */
class RequiredMountTest {

    private static final String SERVICE = "etc/systemd/system/unitsmith-fpm@demo.shop.service.d/unitsmith.conf";
    private static final String MOUNT = "etc/systemd/system/srv-files.mount";

    @TempDir
    private Path root;

    private TestHost host;

    @BeforeEach
    void setUp() throws IOException {
        host = new TestHost(root);
    }

    @Test
    void theMasterStartsAfterTheAutomountThatIsThenStillUnmounted() throws IOException {
        host.live("files", mount("m1", "/srv/files", true));
        host.live("shop", poolWithMount("p1", "files"));
        Turn turn = host.turn();

        assertThat(turn.failures()).isEmpty();
        assertThat(Files.readString(root.resolve(SERVICE)))
                .contains("Requires=srv-files.automount\nAfter=srv-files.automount\n")
                .doesNotContain("srv-files.mount");
    }

    @Test
    void withoutAutomountTheMasterStartsAfterTheMount() throws IOException {
        host.live("files", mount("m1", "/srv/files", false));
        host.live("shop", poolWithMount("p1", "files"));
        host.turn();

        assertThat(Files.readString(root.resolve(SERVICE))).contains("Requires=srv-files.mount\n");
    }

    @Test
    void aPoolWithoutItsMountIsRefusedAndFollowsByItself() {
        host.live("shop", poolWithMount("p1", "files"));
        assertThat(problem(host.turn(), "shop", true))
                .isEqualTo(Problem.of(
                        Reason.MOUNT_UNAVAILABLE,
                        "spec.requiresMounts[0]",
                        "no RemoteMount demo/files on this host: create it, or have it select this host"));
        assertThat(root.resolve(SERVICE)).doesNotExist();

        host.live("files", mount("m1", "/srv/files", true));
        host.turn();
        assertThat(root.resolve(SERVICE)).exists();
    }

    @Test
    void aPoolWhoseMountIsRefusedStaysAsItWasAndSaysWhy() throws IOException {
        host.live("shop", pool("p1", "alice", "8.4", "128M"));
        host.turn();
        String before = Files.readString(root.resolve(SERVICE));
        host.live("files", mount("m1", "/etc", true));
        host.live("shop", poolWithMount("p2", "files"));

        Problem problem = problem(host.turn(), "shop", true);
        assertThat(problem.reason()).isEqualTo("MountUnavailable");
        assertThat(problem.message()).startsWith("RemoteMount demo/files is refused on this host: spec.path:");
        assertThat(root.resolve(SERVICE)).hasContent(before);
    }

    @Test
    void aLivePoolDoesNotLeanOnAMountThatIsOnlyStaged() {
        host.assign("files", false, null, mount("m1", "/srv/files", true));
        host.assign("shop", false, poolWithMount("p1", "files"), poolWithMount("p2", "files"));
        Turn turn = host.turn();

        assertThat(problem(turn, "shop", true).message())
                .isEqualTo("RemoteMount demo/files is not live on this host yet: the pool follows it");
        assertThat(verdict(turn, "shop", false)).isInstanceOf(Accepted.class);
    }

    @Test
    void aMountStaysForAsLongAsAPoolRequiresIt() {
        host.live("files", mount("m1", "/srv/files", true));
        host.live("shop", poolWithMount("p1", "files"));
        host.turn();
        host.remove("files");
        Turn turn = host.turn();

        assertThat(turn.failures())
                .containsOnly(
                        Map.entry(
                                "files",
                                Problem.of(
                                        Reason.MOUNT_BUSY,
                                        null,
                                        "PhpFpmPool demo/shop requires it: take it out of spec.requiresMounts there, or delete that pool")));
        assertThat(verdict(turn, "shop", true)).isInstanceOf(Accepted.class);
        assertThat(root.resolve(MOUNT)).exists();

        host.live("shop", pool("p2", "alice", "8.4", "128M"));
        host.turn();
        assertThat(host.turn().failures()).isEmpty();
        assertThat(root.resolve(MOUNT)).doesNotExist();
    }

    @Test
    void bothGoTogether() {
        host.live("files", mount("m1", "/srv/files", true));
        host.live("shop", poolWithMount("p1", "files"));
        host.turn();
        host.remove("files");
        host.remove("shop");
        assertThat(host.turn().failures()).isEmpty();

        assertThat(root.resolve(MOUNT)).doesNotExist();
        assertThat(root.resolve(SERVICE)).doesNotExist();
    }

    private static Verdict verdict(Turn turn, String assignment, boolean live) {
        return turn.verdicts().get(turn.candidates().get(new Turn.Key(assignment, live)));
    }

    private static Problem problem(Turn turn, String assignment, boolean live) {
        assertThat(verdict(turn, assignment, live)).isInstanceOf(Rejected.class);
        return ((Rejected) verdict(turn, assignment, live)).problems().getFirst();
    }
}
