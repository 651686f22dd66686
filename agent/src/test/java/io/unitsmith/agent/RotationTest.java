package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.poolWithMount;
import static io.unitsmith.agent.TestHost.sshfs;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.FakeSystemd.Trial;
import io.unitsmith.agent.admit.Verdict.Rejected;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New credentials of a mount are tried where nobody sees it; those before stay until a server has taken the new. */
class RotationTest {

    private static final String NEW_KEY = "-----BEGIN OPENSSH PRIVATE KEY----- the new one";

    @TempDir
    private Path root;

    private TestHost host;

    /** The folders that trials were made in. */
    private final List<Path> trials = new ArrayList<>();

    private Trial answer = Trial.PASSES;

    @BeforeEach
    void mountOnce() throws IOException {
        host = new TestHost(root);
        host.systemd.trial = folder -> {
            trials.add(folder);
            return answer;
        };
        host.secrets.put("key-1", TestHost.SSH_KEY);
        host.secrets.put("key-2", withKey(NEW_KEY));
        host.live("files", sshfs("r", "/srv/files", "key-1"));
        assertThat(problem(host.turn())).isEmpty();
        host.systemd.activate("srv-files.mount");
    }

    @Test
    void theFirstCredentialsAreTriedByTheFirstAccess() {
        assertThat(trials).isEmpty();
        assertThat(identity()).isNotEqualTo(NEW_KEY);
    }

    @Test
    void whatPassesTakesThePlaceOfTheOldAndTheSessionGoesOn() {
        rotate("OnNextMount");
        assertThat(problem(host.turn())).isEmpty();

        assertThat(identity()).isEqualTo(NEW_KEY);
        assertThat(host.systemd.jobs).isEmpty();
        host.turn();
        assertThat(trials).as("trials").hasSize(1);
        assertThat(trials.getFirst().getParent()).doesNotExist();
    }

    @Test
    void whatTheServerDoesNotTakeLeavesTheOldInPlaceAndIsTriedAgainAfterFiveMinutes() {
        String before = identity();
        answer = Trial.FAILS;
        rotate("OnNextMount");
        for (int turn = 0; turn < 3; turn++) {
            assertThat(problem(host.turn()))
                    .hasValue(
                            Problem.of(
                                    Reason.CREDENTIALS_FAILED,
                                    "spec.credentials.secretRef.name",
                                    "the new credentials of Secret \"key\" do not work yet, since mounting with them failed: those before stay in use, and the new ones are tried again every five minutes"));
        }
        assertThat(identity()).isEqualTo(before);
        assertThat(host.systemd.isActive("srv-files.mount")).isTrue();
        assertThat(trials).as("trials within five minutes").hasSize(1);

        host.clock.pass(Duration.ofMinutes(5));
        answer = Trial.PASSES;
        assertThat(problem(host.turn())).isEmpty();
        assertThat(identity()).isEqualTo(NEW_KEY);
    }

    @Test
    void accessesThatFailedWithTheOldAreNoReproachToTheNew() {
        host.systemd.fail("srv-files.mount");
        rotate("OnNextMount");
        for (int turn = 0; turn < 3; turn++) {
            assertThat(host.turn().failures()).isEmpty();
        }
        assertThat(identity()).isEqualTo(NEW_KEY);
    }

    @Test
    void whatIsCorrectedIsTriedAtOnce() {
        answer = Trial.FAILS;
        rotate("OnNextMount");
        host.turn();
        answer = Trial.PASSES;
        host.secrets.put("key-2", withKey(NEW_KEY + ", corrected"));
        assertThat(problem(host.turn())).isEmpty();
        assertThat(identity()).isEqualTo(NEW_KEY + ", corrected");
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedFor() {
        String before = identity();
        answer = Trial.GOES_ON;
        rotate("OnNextMount");
        host.turn();
        assertThat(problem(host.turn()).orElseThrow().message()).contains("are being tried");
        assertThat(trials).as("trials that go on").hasSize(1);
        assertThat(identity()).isEqualTo(before);

        host.systemd.endTrial(true);
        assertThat(problem(host.turn())).isEmpty();
        assertThat(identity()).isEqualTo(NEW_KEY);
    }

    @Test
    void oneThatGoesOnAndFailsIsFailed() {
        answer = Trial.GOES_ON;
        rotate("OnNextMount");
        host.turn();
        host.systemd.endTrial(false);
        assertThat(problem(host.turn()).orElseThrow().message()).contains("do not work yet");
    }

    @Test
    void oneOfWhichNothingIsKnownAnyMoreHasNotPassed() {
        String before = identity();
        answer = Trial.GOES_ON;
        rotate("OnNextMount");
        host.turn();
        host.systemd.forgetTrial();
        assertThat(problem(host.turn()).orElseThrow().message()).contains("do not work yet");
        assertThat(identity()).isEqualTo(before);
    }

    @Test
    void underRemountItIsUnmountedAndMountedAnewOnceNobodyUsesIt() {
        host.live("files", sshfs("r2", "/srv/files", "key-1", "Remount"));
        host.turn();
        host.systemd.jobs.clear();
        host.systemd.busy.add("srv-files.mount");
        rotate("Remount");
        host.turn();
        assertThat(identity()).as("while it is in use").isNotEqualTo(NEW_KEY);

        host.systemd.busy.clear();
        host.clock.pass(Duration.ofMinutes(2));
        assertThat(problem(host.turn())).isEmpty();
        assertThat(identity()).isEqualTo(NEW_KEY);
        assertThat(host.systemd.jobs).contains("STOP srv-files.mount", "START srv-files.mount");
        assertThat(trials).as("trials").hasSize(1);
    }

    @Test
    void thePoolThatRequiresItHasItMeanwhile() {
        host.live("shop", poolWithMount("p1", "files"));
        assertThat(host.turn().failures()).isEmpty();
        answer = Trial.FAILS;
        rotate("OnNextMount");
        host.live("shop", poolWithMount("p2", "files"));
        Turn turn = host.turn();
        assertThat(turn.ledger().assignments().get("shop"))
                .isNotNull()
                .satisfies(pool -> assertThat(pool.revision()).isEqualTo("p2"));
    }

    @Test
    void credentialsOfATrialAreForRootAloneAndNothingOfItIsLeft() throws IOException {
        host.systemd.trial = folder -> {
            trials.add(folder);
            assertThat(modes(folder))
                    .containsExactlyInAnyOrder("identity rw-------", "known_hosts rw-------", "output rw-------");
            assertThat(read(folder.resolve("identity"))).isEqualTo(NEW_KEY + "\n");
            assertThat(unit(folder))
                    .contains(
                            "PrivateMounts=yes",
                            "IdentityFile=/run/unitsmith/trial/",
                            folder.getFileName() + "/passed",
                            "-t fuse.sshfs")
                    .doesNotContain("/etc/unitsmith/credentials", "_netdev", NEW_KEY);
            return Trial.FAILS;
        };
        rotate("OnNextMount");
        host.turn();
        assertThat(trials).hasSize(1);
        assertThat(root.resolve("run/unitsmith/trial")).doesNotExist();
        try (Stream<Path> units = Files.list(root.resolve("run/systemd/system"))) {
            assertThat(units).isEmpty();
        }
    }

    @Test
    void whatAnAgentThatWasKilledHasLeftIsSwept() {
        answer = Trial.GOES_ON;
        rotate("OnNextMount");
        host.turn();
        assertThat(trials.getFirst()).isDirectory();
        host.start(io.unitsmith.agent.files.Checkpoint.NONE);
        answer = Trial.PASSES;
        assertThat(problem(host.turn())).isEmpty();
        assertThat(trials.getFirst()).doesNotExist();
        assertThat(identity()).isEqualTo(NEW_KEY);
    }

    private void rotate(String policy) {
        host.systemd.jobs.clear();
        host.live("files", sshfs(policy.equals("Remount") ? "r2" : "r", "/srv/files", "key-2", policy));
    }

    private static Map<String, byte[]> withKey(String key) {
        return Map.of(
                "privateKey", key.getBytes(StandardCharsets.UTF_8), "knownHosts", TestHost.SSH_KEY.get("knownHosts"));
    }

    private String identity() {
        try (Stream<Path> files = Files.walk(root.resolve("etc/unitsmith/credentials"))) {
            return files.filter(file -> file.endsWith("identity"))
                    .map(RotationTest::read)
                    .findFirst()
                    .orElseThrow()
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String unit(Path folder) {
        return read(root.resolve("run/systemd/system/unitsmith-trial-" + folder.getFileName() + ".service"));
    }

    private static List<String> modes(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> modes = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                modes.add(file.getFileName() + " "
                        + java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
            return modes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Problem> problem(Turn turn) {
        return turn.verdicts().entrySet().stream()
                .filter(entry -> entry.getKey().assignment().equals("files"))
                .map(Map.Entry::getValue)
                .filter(Rejected.class::isInstance)
                .map(verdict -> ((Rejected) verdict).problems().getFirst())
                .findFirst();
    }
}
