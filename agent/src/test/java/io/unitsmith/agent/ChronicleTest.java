package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.report.Heartbeat.Standing;
import io.unitsmith.agent.report.HostStatus;
import io.unitsmith.agent.report.HostStatus.Workload;
import io.unitsmith.agent.report.Journal;
import io.unitsmith.agent.report.StatusFile;
import io.unitsmith.agent.report.Statuses;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleTest {

    @TempDir
    private Path root;

    private TestHost host;
    private Assessor assessor;
    private Chronicle chronicle;
    private List<String> faults = List.of();
    private Map<String, HostAssignmentStatus> statuses = Map.of();

    @BeforeEach
    void setUp() throws IOException {
        host = new TestHost(root);
        assessor = new Assessor(new Statuses(host.clock), new Journal()::excerpt);
        start();
    }

    private void start() throws IOException {
        var place = new Chronicle.Place("cluster", "unitsmith-host-web-1 of https://cluster");
        chronicle = new Chronicle(new StatusFile(files()), place, "1.0", () -> faults, host.clock);
    }

    @Test
    void itSaysWhatIsInForceAndSinceWhen() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        turn(Standing.HOLDER);

        assertThat(shop().change()).isEqualTo(new HostStatus.Change("2026-01-01T00:00:00Z", "r1 is in force"));
        assertThat(shop().status().live().revision()).isEqualTo("r1");
        host.clock.pass(Duration.ofMinutes(1));
        host.live("shop", pool("r2", "alice", "8.4", "256M"));
        turn(Standing.HOLDER);
        assertThat(shop().change())
                .isEqualTo(new HostStatus.Change("2026-01-01T00:01:00Z", "r2 is in force in place of r1"));
    }

    @Test
    void theExactVersionAndAHashOfWhatWasWrittenAreTold() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        turn(Standing.HOLDER);
        String first = shop().status().live().hash();
        assertThat(shop().status().live().phpVersion()).isEqualTo("8.4.24");
        assertThat(first).matches("[0-9a-f]{12}");

        host.live("shop", pool("r2", "alice", "8.2", "128M"));
        turn(Standing.HOLDER);
        assertThat(shop().status().live().phpVersion()).isEqualTo("8.2.32");
        assertThat(shop().status().live().hash()).isNotEqualTo(first);

        host.live("shop", pool("r3", "alice", "8.4", "128M"));
        turn(Standing.HOLDER);
        assertThat(shop().status().live().hash()).as("the same once more").isEqualTo(first);
    }

    @Test
    void aFailureIsAChangeAndItsReasonIsTold() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        turn(Standing.HOLDER);
        host.live("shop", pool("r2", "nobody-here", "8.4", "128M"));
        turn(Standing.HOLDER);

        assertThat(shop().change().what()).startsWith("failed: spec.user: no user \"nobody-here\"");
        assertThat(shop().status().live().revision()).isEqualTo("r1");
    }

    @Test
    void nothingIsWrittenWhenNothingIsNew() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        turn(Standing.HOLDER);
        Object before = inode();
        host.clock.pass(Duration.ofHours(1));
        turn(Standing.HOLDER);
        assertThat(inode()).isEqualTo(before);

        faults = List.of("a.yaml: no manifest");
        turn(Standing.HOLDER);
        assertThat(inode()).isNotEqualTo(before);
        assertThat(read().faults()).isEqualTo(faults);
    }

    @Test
    void itSaysSinceWhenTheApiIsAway() throws IOException {
        turn(Standing.HOLDER);
        host.clock.pass(Duration.ofMinutes(1));
        turn(Standing.UNKNOWN);
        host.clock.pass(Duration.ofMinutes(1));
        turn(Standing.UNKNOWN);

        assertThat(read().source().standing()).startsWith("the API does not answer");
        assertThat(read().source().since()).isEqualTo("2026-01-01T00:01:00Z");
    }

    @Test
    void troubleIsWrittenAndGoesWithTheNextTurnThatSucceeds() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        turn(Standing.HOLDER);
        chronicle.failed("the bus is gone", Standing.HOLDER);
        assertThat(read().trouble()).isEqualTo("the bus is gone");
        assertThat(read().workloads()).containsKey("shop");
        turn(Standing.HOLDER);
        assertThat(read().trouble()).isNull();
    }

    @Test
    void theNextAgentGoesOnWithIt() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        turn(Standing.HOLDER);
        host.clock.pass(Duration.ofMinutes(1));
        start();
        turn(Standing.HOLDER);

        assertThat(shop().change().at()).isEqualTo("2026-01-01T00:00:00Z");
    }

    private void turn(Standing standing) {
        Turn turn = host.turn();
        Map<String, HostAssignmentStatus> before = statuses;
        statuses = assessor.assess(turn, before::get);
        chronicle.turned(turn, statuses, standing);
    }

    private Workload shop() throws IOException {
        return read().workloads().get("shop");
    }

    private HostStatus read() throws IOException {
        return new StatusFile(files()).load().orElseThrow();
    }

    private AtomicFiles files() {
        return new AtomicFiles(root, Checkpoint.NONE);
    }

    private Object inode() throws IOException {
        return Files.getAttribute(root.resolve(StatusFile.PATH.substring(1)), "unix:ino");
    }
}
