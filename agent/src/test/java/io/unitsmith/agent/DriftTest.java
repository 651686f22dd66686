package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mount;
import static io.unitsmith.agent.TestHost.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.drift.Drift;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.api.v1alpha1.DriftPolicy;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DriftTest {

    private static final String SOCKET = "unitsmith-fpm@demo.shop.socket";
    private static final String SERVICE = "unitsmith-fpm@demo.shop.service";
    private static final String DROP_IN = "etc/systemd/system/" + SERVICE + ".d/unitsmith.conf";
    private static final String CONFIG = "etc/unitsmith/fpm/8.4/demo.shop.conf";
    private static final String MASK = "run/systemd/system/" + SOCKET;

    @TempDir
    private Path root;

    private TestHost host;

    @BeforeEach
    void setUp() throws IOException {
        host = new TestHost(root);
    }

    /** What somebody does by hand, and a part of what is said of it. */
    enum Hand {
        REMOVED_FILE("/" + CONFIG + " is missing") {
            @Override
            void act(TestHost host) throws IOException {
                Files.delete(host.root.resolve(CONFIG));
            }
        },
        MODE("/" + CONFIG + " has mode 0604, not 0600") {
            @Override
            void act(TestHost host) throws IOException {
                Files.setPosixFilePermissions(host.root.resolve(CONFIG), PosixFilePermissions.fromString("rw-r--r--"));
            }
        },
        EDITED_DROP_IN("/" + DROP_IN + " has other content") {
            @Override
            void act(TestHost host) throws IOException {
                Files.writeString(host.root.resolve(DROP_IN), "[Service]\nUser=root\n");
            }
        },
        REMOVED_LINK("/etc/systemd/system/sockets.target.wants/" + SOCKET + " is missing") {
            @Override
            void act(TestHost host) throws IOException {
                Files.delete(host.root.resolve("etc/systemd/system/sockets.target.wants/" + SOCKET));
            }
        },
        STOPPED(SOCKET + " is stopped") {
            @Override
            void act(TestHost host) {
                host.systemd.stop(SOCKET);
            }
        },
        MASKED("/" + MASK + " masks " + SOCKET) {
            @Override
            void act(TestHost host) throws IOException {
                host.systemd.mask(SOCKET);
            }
        },
        /** As chmod 0600 does it: the group bits of such a file are the mask of its access list. */
        READER("/" + CONFIG + " has lost the access of user alice") {
            @Override
            void act(TestHost host) throws IOException {
                Files.setPosixFilePermissions(host.root.resolve(CONFIG), PosixFilePermissions.fromString("rw-------"));
            }
        },
        MASKED_AND_STOPPED(SOCKET + " is stopped") {
            @Override
            void act(TestHost host) throws IOException {
                host.systemd.mask(SOCKET);
                host.systemd.stop(SOCKET);
            }
        };

        final String text;

        Hand(String text) {
            this.text = text;
        }

        abstract void act(TestHost host) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void underRepairItIsPutRightAndSaid(Hand hand) throws IOException {
        applied(DriftPolicy.REPAIR);
        Map<String, String> before = host.tree();
        hand.act(host);
        Drift drift = drift();

        assertThat(host.tree()).isEqualTo(before);
        assertThat(host.systemd.isActive(SOCKET)).isTrue();
        assertThat(host.systemd.isCurrent(SOCKET)).isTrue();
        assertThat(host.systemd.needsDaemonReload(List.of(SOCKET, SERVICE))).isFalse();
        assertThat(drift.persists()).isFalse();
        assertThat(drift.reason()).isEqualTo(Reason.REPAIRED);
        assertThat(drift.message()).contains(hand.text);
        assertThat(drift()).as("once it is put right").isEqualTo(Drift.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void underReportNothingIsChangedAndAllIsSaid(Hand hand) throws IOException {
        applied(DriftPolicy.REPORT);
        hand.act(host);
        Map<String, String> before = host.tree();
        boolean listening = host.systemd.isActive(SOCKET);
        Drift drift = drift();

        assertThat(host.tree()).isEqualTo(before);
        assertThat(host.systemd.jobs).isEmpty();
        assertThat(host.systemd.daemonReloads).isZero();
        assertThat(host.systemd.isActive(SOCKET)).isEqualTo(listening);
        assertThat(drift.persists()).isTrue();
        assertThat(drift.reason()).isEqualTo(Reason.DRIFTED);
        assertThat(drift.message()).contains(hand.text).contains("driftPolicy: Repair");
        assertThat(drift()).as("as long as nothing changes").isEqualTo(drift);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MASKED_AND_STOPPED")
    void afterThreeFightsItIsLeftAloneUntilTheSpecChanges(Hand hand) throws IOException {
        applied(DriftPolicy.REPAIR);
        for (int fight = 0; fight < 3; fight++) {
            assertThat(host.turn().drifts().get("shop").persists()).isFalse();
            hand.act(host);
            host.turn();
            host.clock.pass(Duration.ofMinutes(3));
        }
        hand.act(host);
        host.systemd.jobs.clear();
        host.systemd.daemonReloads = 0;
        Map<String, String> before = host.tree();
        Drift drift = drift();

        assertThat(drift.reason()).isEqualTo(Reason.CONTENDED);
        assertThat(drift.message())
                .contains("2026-01-01T00:01:00Z, 2026-01-01T00:04:00Z, 2026-01-01T00:07:00Z")
                .contains(hand.text);
        assertThat(host.tree()).isEqualTo(before);
        assertThat(host.systemd.jobs).isEmpty();

        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        assertThat(host.systemd.isActive(SOCKET)).isTrue();
        assertThat(drift()).isEqualTo(Drift.NONE);
        assertThat(root.resolve(MASK)).doesNotExist();
    }

    @Test
    void threeRepairsInALongerTimeAreNoFight() throws IOException {
        applied(DriftPolicy.REPAIR);
        for (int i = 0; i < 5; i++) {
            Hand.MODE.act(host);
            assertThat(drift().reason()).isEqualTo(Reason.REPAIRED);
            host.clock.pass(Duration.ofSeconds(301));
        }
    }

    @Test
    void whatIsStoppedAfterManyChangesIsStartedAtOnceAllTheSame() {
        applied(DriftPolicy.REPAIR);
        for (int i = 0; i < 6; i++) {
            host.live("shop", pool("r" + i, "alice", "8.4", i + "M"));
            host.turn();
        }
        host.systemd.stop(SOCKET);
        host.turn();
        assertThat(host.systemd.isActive(SOCKET)).isTrue();
    }

    @Test
    void aSocketThatFailsByItselfIsNoFight() {
        applied(DriftPolicy.REPAIR);
        for (int i = 0; i < 10; i++) {
            host.systemd.fail(SOCKET);
            host.turn();
            host.clock.pass(Duration.ofSeconds(50));
        }
        assertThat(drift()).isEqualTo(Drift.NONE);
    }

    @Test
    void aForeignDropInIsReportedAndLeftAlone() throws IOException {
        applied(DriftPolicy.REPAIR);
        Path foreign = root.resolve("run/systemd/system/unitsmith-fpm@.service.d/50-mine.conf");
        Files.createDirectories(foreign.getParent());
        Files.writeString(foreign, "[Service]\nNice=5\n");
        Drift drift = drift();

        assertThat(drift.persists()).isTrue();
        assertThat(drift.reason()).isEqualTo(Reason.FOREIGN_DROP_IN);
        assertThat(drift.message())
                .contains("/run/systemd/system/unitsmith-fpm@.service.d/50-mine.conf")
                .contains(SERVICE);
        assertThat(foreign).hasContent("[Service]\nNice=5");
        assertThat(host.systemd.jobs).isEmpty();

        Hand.EDITED_DROP_IN.act(host);
        host.turn();
        assertThat(root.resolve(DROP_IN)).as("beside it, our own").content().contains("User=alice");

        Files.delete(foreign);
        assertThat(drift()).isEqualTo(Drift.NONE);
    }

    @Test
    void aRunningMasterGetsWhatTheDropInSaysAgain() throws IOException {
        applied(DriftPolicy.REPAIR);
        host.systemd.activate(SERVICE);
        Hand.EDITED_DROP_IN.act(host);
        host.systemd.daemonReload();
        host.turn();

        assertThat(host.systemd.jobs).containsExactly("STOP " + SERVICE, "START " + SERVICE);
        assertThat(host.systemd.isCurrent(SERVICE)).isTrue();
        assertThat(host.systemd.isActive(SOCKET)).isTrue();
    }

    @Test
    void whatSystemdHasNotLoadedIsLoadedAndNothingRestarts() throws IOException {
        applied(DriftPolicy.REPAIR);
        host.systemd.activate(SERVICE);
        String content = Files.readString(root.resolve(DROP_IN));
        Hand.EDITED_DROP_IN.act(host);
        host.systemd.daemonReload();
        Files.writeString(root.resolve(DROP_IN), content);
        host.systemd.daemonReloads = 0;

        assertThat(drift().message()).contains("systemd has loaded " + SERVICE + " from other content");
        assertThat(host.systemd.daemonReloads).isEqualTo(1);
        assertThat(host.systemd.jobs).isEmpty();
    }

    @Test
    void aChangeOfTheDriftPolicyAloneWritesNothingOnTheHost() throws IOException {
        applied(DriftPolicy.REPAIR);
        Map<String, String> before = host.tree();
        host.live("shop", pool("r2", "alice", "8.4", "128M", DriftPolicy.REPORT));
        Turn turn = host.turn();

        assertThat(turn.ledger().assignments().get("shop").revision()).isEqualTo("r2");
        assertThat(host.systemd.jobs).isEmpty();
        assertThat(host.systemd.daemonReloads).isZero();
        Map<String, String> after = host.tree();
        after.keySet().removeIf(path -> path.startsWith("var/lib/unitsmith/"));
        before.keySet().removeIf(path -> path.startsWith("var/lib/unitsmith/"));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void aRevisionThatOnlyChangesThePolicyCountsOnADriftedHostToo() throws IOException {
        applied(DriftPolicy.REPAIR);
        Hand.MODE.act(host);
        Map<String, String> before = host.tree();
        host.live("shop", pool("r2", "alice", "8.4", "128M", DriftPolicy.REPORT));
        Turn turn = host.turn();

        assertThat(turn.ledger().assignments().get("shop").revision()).isEqualTo("r2");
        assertThat(turn.drifts().get("shop").reason()).isEqualTo(Reason.DRIFTED);
        Map<String, String> after = host.tree();
        assertThat(after.get(CONFIG)).isEqualTo(before.get(CONFIG));
        host.start(Checkpoint.NONE);
        assertThat(host.turn().ledger().assignments().get("shop").revision())
                .as("after a restart of the agent")
                .isEqualTo("r2");
    }

    @Test
    void aNewRevisionIsEnforcedInFullUnderReportToo() throws IOException {
        applied(DriftPolicy.REPORT);
        Hand.EDITED_DROP_IN.act(host);
        host.turn();
        host.live("shop", pool("r2", "alice", "8.4", "256M", DriftPolicy.REPORT));
        host.turn();

        assertThat(drift()).isEqualTo(Drift.NONE);
        assertThat(root.resolve(CONFIG)).content().contains("256M");
    }

    @Test
    void aSocketThatWasMaskedIsMadeAnew() throws IOException {
        applied(DriftPolicy.REPAIR);
        host.systemd.mask(SOCKET);
        host.turn();

        assertThat(host.systemd.jobs)
                .as("systemd has closed its file descriptors, and calls it active all the same")
                .containsExactly("RESTART " + SOCKET);
    }

    @Test
    void aMountIsLookedAfterToo() throws IOException {
        host.live("files", mount("r1", "/srv/files", true));
        host.turn();
        host.clock.pass(Duration.ofSeconds(60));
        host.systemd.stop("srv-files.automount");
        Files.delete(root.resolve("etc/systemd/system/multi-user.target.wants/srv-files.automount"));
        Turn turn = host.turn();

        assertThat(turn.drifts().get("files").message())
                .contains("srv-files.automount is stopped")
                .contains("/etc/systemd/system/multi-user.target.wants/srv-files.automount is missing");
        assertThat(host.systemd.isActive("srv-files.automount")).isTrue();
        assertThat(root.resolve("etc/systemd/system/multi-user.target.wants/srv-files.automount"))
                .isSymbolicLink();
    }

    private void applied(DriftPolicy policy) {
        host.live("shop", pool("r1", "alice", "8.4", "128M", policy));
        host.turn();
        host.turn();
        host.systemd.jobs.clear();
        host.clock.pass(Duration.ofSeconds(60)); // what was just started is not started again at once
    }

    private Drift drift() {
        return host.turn().drifts().get("shop");
    }
}
