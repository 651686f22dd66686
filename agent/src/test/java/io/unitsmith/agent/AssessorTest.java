package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mountWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.report.Statuses;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a mount that does not come about is told. */
class AssessorTest {

    private static final String UNIT = "srv-files.mount";
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path root;

    private TestHost host;
    private Assessor assessor;
    private String says = "mount.nfs4: access denied by server";
    private int asked;

    @BeforeEach
    void mountOnce() throws IOException {
        host = new TestHost(root);
        assessor = new Assessor(new Statuses(host.clock), (unit, mask) -> {
            asked++;
            return List.of(says);
        });
        host.live("files", mountWith("r1", "/srv/files", ""));
        host.turn();
    }

    @Test
    void eachFailureIsToldInItsOwnWordsAndTheJournalIsReadOnceForEach() {
        host.systemd.fail(UNIT, THEN);
        assertThat(said()).contains(says);
        assertThat(said()).contains(says);
        assertThat(asked).as("the same failure").isEqualTo(1);

        host.systemd.fail(UNIT, THEN.plus(Duration.ofMinutes(1)));
        says = "mount.nfs4: no such file or directory";
        assertThat(said()).contains(says).doesNotContain("access denied");
    }

    @Test
    void whatAMountDidBeforeItsFilesWereAsTheyAreNowSaysNothing() {
        Instant written = Instant.now(); // files have the time of the machine
        host.secrets.put(
                "key",
                Map.of(
                        "accessKey", "me".getBytes(StandardCharsets.UTF_8),
                        "secretKey", "x".getBytes(StandardCharsets.UTF_8)));
        host.live("files", TestHost.s3fs("r1", "/srv/files", "key"));
        host.turn();
        host.systemd.endAtOnce(UNIT, written.plus(Duration.ofHours(1)));
        assertThat(live().state()).isEqualTo(State.FAILED);
        host.systemd.endAtOnce(UNIT, written.minus(Duration.ofHours(1)));
        assertThat(live().state()).isEqualTo(State.READY);
    }

    private String said() {
        return live().conditions().getFirst().message();
    }

    private Live live() {
        return Objects.requireNonNull(Objects.requireNonNull(
                        assessor.assess(host.turn(), name -> null).get("files"))
                .live());
    }
}
