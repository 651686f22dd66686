package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mount;
import static io.unitsmith.agent.TestHost.pool;
import static io.unitsmith.agent.TestHost.poolWithSocket;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.admit.Candidate;
import io.unitsmith.agent.admit.Verdict;
import io.unitsmith.agent.admit.Verdict.Rejected;
import io.unitsmith.agent.facts.FreeSpace;
import io.unitsmith.agent.plan.Impact;
import io.unitsmith.agent.plan.Plan;
import io.unitsmith.agent.unit.VerifyReport.Complaint;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentTest {

    private static final String SOCKET = "unitsmith-fpm@demo.shop.socket";
    private static final String SERVICE = "unitsmith-fpm@demo.shop.service";

    @TempDir
    private Path root;

    private TestHost host;

    @BeforeEach
    void setUp() throws IOException {
        host = new TestHost(root);
    }

    @Test
    void aNewPoolListensAndNeedsNoDaemonReload() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        Turn turn = host.turn();

        assertThat(host.systemd.jobs).containsExactly("START " + SOCKET);
        assertThat(host.systemd.daemonReloads).isZero();
        assertThat(turn.failures()).isEmpty();
        assertThat(turn.ledger().assignments().get("shop").revision()).isEqualTo("r1");
        assertThat(turn.ledger().assignments().get("shop").pending()).isNull();
    }

    @Test
    void aSecondTurnWritesNothingAndStartsNothing() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        Map<String, String> before = host.tree();
        host.systemd.jobs.clear();
        var times = Files.getLastModifiedTime(root.resolve("var/lib/unitsmith/ledger.json"));
        host.turn();

        assertThat(host.tree()).isEqualTo(before);
        assertThat(host.systemd.jobs).isEmpty();
        assertThat(Files.getLastModifiedTime(root.resolve("var/lib/unitsmith/ledger.json")))
                .isEqualTo(times);
    }

    @Test
    void aChangedSettingIsReloaded() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.jobs.clear();
        host.live("shop", pool("r2", "alice", "8.4", "256M"));
        host.turn();

        assertThat(host.systemd.jobs).containsExactly("RELOAD " + SERVICE);
        assertThat(host.systemd.isCurrent(SERVICE)).isTrue();
        assertThat(host.systemd.daemonReloads).isZero();
    }

    @Test
    void anotherPhpVersionReplacesTheMasterBehindTheSocket() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.jobs.clear();
        host.live("shop", pool("r2", "alice", "8.2", "128M"));
        host.turn();

        assertThat(host.systemd.jobs)
                .as("a master that served is started again, to see that it can be")
                .containsExactly("STOP " + SERVICE, "START " + SERVICE);
        assertThat(host.systemd.isActive(SOCKET)).isTrue();
        assertThat(host.systemd.daemonReloads).isEqualTo(1);
        assertThat(root.resolve("etc/unitsmith/fpm/8.4")).doesNotExist();
        assertThat(root.resolve("etc/unitsmith/fpm/8.2/demo.shop.conf")).exists();
    }

    @Test
    void theAccessToASocketIsChangedWhileItListens() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.jobs.clear();
        host.live("shop", poolWithSocket("r2", "0600"));
        host.turn();

        assertThat(host.systemd.jobs).isEmpty();
        assertThat(host.systemd.daemonReloads).isEqualTo(1);
        assertThat(host.systemd.isCurrent(SOCKET)).isTrue();
        assertThat(host.systemd.isActive(SERVICE)).isTrue();
    }

    @Test
    void aMasterThatDoesNotRunIsNotTouched() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.jobs.clear();
        host.live("shop", pool("r2", "alice", "8.4", "256M"));
        host.turn();

        assertThat(host.systemd.jobs).isEmpty();
    }

    @Test
    void aRefusedRevisionTouchesNothingAndTheOldOneStaysInForce() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        Map<String, String> before = host.tree();
        host.systemd.jobs.clear();
        host.live("shop", pool("r2", "nobody-here", "8.4", "256M"));
        Turn turn = host.turn();

        assertThat(host.tree()).isEqualTo(before);
        assertThat(host.systemd.jobs).isEmpty();
        assertThat(problems(turn, "shop", true)).extracting(Problem::field).containsExactly("spec.user");
        assertThat(turn.ledger().assignments().get("shop").revision()).isEqualTo("r1");
    }

    @Test
    void whatTheCheckRefusesTouchesNothing() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        Map<String, String> before = host.tree();
        host.systemd.check = configuration -> !configuration.contains("666M");
        host.live("shop", pool("r2", "alice", "8.4", "666M"));
        Turn turn = host.turn();

        assertThat(host.tree()).isEqualTo(before);
        assertThat(problems(turn, "shop", true)).extracting(Problem::reason).containsExactly("ConfigRejected");
    }

    @Test
    void aUserWhoIsMadeLaterHealsARejection() {
        host.assign("shop", false, null, pool("r1", "bob", "8.4", "128M"));
        assertThat(problems(host.turn(), "shop", false))
                .extracting(Problem::reason)
                .containsExactly("UserNotFound");

        host.addUser("bob", 1002);
        assertThat(problems(host.turn(), "shop", false)).isEmpty();
    }

    @Test
    void aCheckThatPassedIsNotRunAgainAndOneThatFailedOnlyLater() {
        List<String> checked = new java.util.ArrayList<>();
        host.systemd.check = configuration -> {
            checked.add(configuration);
            return configuration.contains("128M");
        };
        host.assign("good", false, null, pool("r1", "alice", "8.4", "128M"));
        host.assign("bad", false, null, pool("r1", "alice", "8.4", "666M"));
        host.turn();
        host.turn();
        assertThat(checked).hasSize(2);

        host.clock.pass(Duration.ofSeconds(16));
        host.turn();
        assertThat(checked).hasSize(3);
    }

    @Test
    void aForeignFileIsAConflictAndIsLeftAlone() throws IOException {
        Path foreign = root.resolve("etc/unitsmith/fpm/8.4/demo.shop.conf");
        Files.createDirectories(foreign.getParent());
        Files.writeString(foreign, "mine");
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        Turn turn = host.turn();

        assertThat(problems(turn, "shop", true)).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo("Conflict");
            assertThat(problem.message()).contains("/etc/unitsmith/fpm/8.4/demo.shop.conf", "move it away");
        });
        assertThat(foreign).hasContent("mine");
        assertThat(host.systemd.jobs).isEmpty();
    }

    @Test
    void oneThatFailsDoesNotStopTheOthers() {
        host.live("broken", pool("r1", "nobody-here", "8.4", "128M"));
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();

        assertThat(host.systemd.isActive(SOCKET)).isTrue();
    }

    @Test
    void removalTakesAwayEverythingAndNothingElse() {
        Map<String, String> before = host.tree();
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.live("files", mount("r1", "/srv/files", true));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.activate("srv-files.mount");
        host.remove("shop");
        host.remove("files");
        Turn turn = host.turn();

        Map<String, String> after = host.tree();
        after.keySet().removeIf(path -> path.startsWith("var/lib/unitsmith/") || path.startsWith("run/unitsmith"));
        assertThat(after).isEqualTo(before);
        assertThat(host.systemd.active()).isEmpty();
        assertThat(turn.ledger().assignments()).isEmpty();
        assertThat(turn.ledger().folders()).isEmpty();
    }

    @Test
    void whatIsSharedGoesWithTheLast() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.live("blog", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.remove("shop");
        host.turn();
        assertThat(root.resolve("etc/systemd/system/unitsmith-fpm@.service")).exists();

        host.remove("blog");
        host.turn();
        assertThat(root.resolve("etc/systemd/system/unitsmith-fpm@.service")).doesNotExist();
    }

    @Test
    void limitsOfAUserComeAndGoWhileMastersRun() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.live("blog", pool("r1", "alice", "8.2", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.jobs.clear();
        assertThat(alicesSlice()).doesNotContain("MemoryMax", "CPUQuota", "TasksMax");

        host.limit("shop", "alice", new UserLimits("2Gi", "400%", 500));
        assertThat(host.turn().failures()).isEmpty();
        assertThat(alicesSlice()).contains("MemoryMax=2G\n", "CPUQuota=400%\n", "TasksMax=500\n");
        assertThat(host.systemd.limited)
                .as("slices whose limits the kernel has")
                .contains("unitsmith-fpm-alice.slice");

        host.systemd.limited.clear();
        host.limit("shop", "alice", UserLimits.NONE);
        assertThat(host.turn().failures()).isEmpty();
        assertThat(host.systemd.limited).containsExactly("unitsmith-fpm-alice.slice");
        assertThat(root.resolve("run/systemd/system.control/unitsmith-fpm-alice.slice.d"))
                .as("what would count for more than the slice's file")
                .doesNotExist();
        assertThat(alicesSlice()).doesNotContain("MemoryMax", "CPUQuota", "TasksMax");
        assertThat(host.systemd.jobs).isEmpty();
        assertThat(host.systemd.isCurrent(SERVICE)).isTrue();
    }

    @Test
    void whileAssignmentsDifferTheLowerBoundOfAUserHolds() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.live("blog", pool("r1", "alice", "8.2", "128M"));
        host.limit("shop", "alice", new UserLimits("2Gi", "100%", null));
        host.limit("blog", "alice", new UserLimits("1Gi", null, null));
        assertThat(host.turn().failures()).isEmpty();
        assertThat(alicesSlice()).contains("MemoryMax=1G\n", "CPUQuota=100%\n");

        host.remove("blog");
        host.turn();
        assertThat(alicesSlice()).contains("MemoryMax=2G\n", "CPUQuota=100%\n");
    }

    @Test
    void theSliceOfAUserGoesWithTheUsersLastPool() {
        host.addUser("bob", 1002);
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.live("blog", pool("r1", "alice", "8.4", "128M"));
        host.live("other", pool("r1", "bob", "8.4", "128M"));
        host.turn();
        host.remove("shop");
        host.turn();
        assertThat(slice("unitsmith-fpm-alice")).exists();

        host.live("blog", pool("r2", "bob", "8.4", "128M"));
        host.turn();
        assertThat(slice("unitsmith-fpm-alice")).doesNotExist();
        assertThat(slice("unitsmith-fpm-bob")).exists();

        host.remove("blog");
        host.remove("other");
        host.turn();
        assertThat(slice("unitsmith-fpm-bob")).doesNotExist();
        assertThat(slice("unitsmith-fpm")).doesNotExist();
    }

    @Test
    void aChangeThatIsUndoneDoesNotUndoTheLimitsOfItsUser() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.runs = configuration -> !configuration.contains("666M");
        host.live("shop", pool("r2", "alice", "8.4", "666M"));
        host.limit("shop", "alice", new UserLimits("1Gi", null, null));
        Turn turn = host.turn();

        assertThat(turn.ledger().assignments().get("shop").revision()).isEqualTo("r1");
        assertThat(alicesSlice()).contains("MemoryMax=1G\n");
    }

    @Test
    void limitsReachAPoolThatPhpWouldRefuseByNow() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.turn(); // what is not asked for is not remembered
        host.systemd.check = configuration -> false;
        host.limit("shop", "alice", new UserLimits("1Gi", null, null));
        Turn turn = host.turn();

        assertThat(turn.verdicts().values()).noneMatch(Rejected.class::isInstance);
        assertThat(alicesSlice()).contains("MemoryMax=1G\n");
    }

    private String alicesSlice() throws IOException {
        return Files.readString(slice("unitsmith-fpm-alice"));
    }

    private Path slice(String name) {
        return root.resolve("etc/systemd/system/" + name + ".slice");
    }

    @Test
    void aMountThatIsBusyKeepsEverythingUntilItIsNot() {
        host.live("files", mount("r1", "/srv/files", true));
        host.turn();
        host.systemd.activate("srv-files.mount");
        host.systemd.busy.add("srv-files.mount");
        Map<String, String> before = host.tree();
        host.remove("files");
        Turn turn = host.turn();

        assertThat(turn.failures().get("files").reason()).isEqualTo("MountBusy");
        assertThat(host.tree()).isEqualTo(before);
        assertThat(host.systemd.isActive("srv-files.automount")).isTrue();

        host.systemd.jobs.clear();
        assertThat(host.turn().failures().get("files").reason()).isEqualTo("MountBusy");
        assertThat(host.systemd.jobs).as("it rests between attempts").isEmpty();

        host.systemd.busy.clear();
        host.clock.pass(Duration.ofSeconds(5));
        assertThat(host.turn().ledger().assignments()).isEmpty();
    }

    @Test
    void absenceRemovesNothing() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        Map<String, String> before = host.tree();
        host.assignments.clear();
        host.turn();

        assertThat(host.tree()).isEqualTo(before);
        assertThat(host.systemd.isActive(SOCKET)).isTrue();
    }

    @Test
    void ofTwoThatWantTheSameWhoIsLiveWins() {
        host.live("zz", mount("r1", "/srv/files", true));
        host.turn();
        host.live("aa", mount("r1", "/srv/files", true));
        Turn turn = host.turn();

        assertThat(problems(turn, "zz", true)).isEmpty();
        assertThat(problems(turn, "aa", true)).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo("Conflict");
            assertThat(problem.field()).isEqualTo("spec.path");
            assertThat(problem.message()).contains("RemoteMount demo/zz");
        });
    }

    @Test
    void whatIsMountedBySomebodyElseIsAConflict() throws IOException {
        Files.writeString(root.resolve("proc/self/mountinfo"), "36 35 98:0 / /srv/my\\040files rw - nfs4 host:/x rw\n");
        host.live("files", mount("r1", "/srv/my files", true));

        assertThat(problems(host.turn(), "files", true))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("/srv/my files already"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /srv/a/files      | "/srv/a/files" is a path which line 2 of /etc/fstab mounts already: take that line out
            /srv/a          | "/srv/a" would hide "/srv/a/files", which line 2 of /etc/fstab mounts: take that line out
            /srv/a/files/more | "/srv/a/files/more" is below "/srv/a/files", which line 2 of /etc/fstab mounts from afar or at the first access: take that line out
            """)
    void whatFstabMountsIsAConflict(String path, String message) throws IOException {
        Files.writeString(root.resolve("etc/fstab"), "/dev/sda1 / ext4\nfiles:/export /srv/a/files nfs4\n");
        host.live("uploads", mount("r1", path, true));

        assertThat(problems(host.turn(), "uploads", true).getFirst())
                .isEqualTo(new Problem("Conflict", "spec.path", message + ", or choose another path"));
        assertThat(host.systemd.jobs).isEmpty();
    }

    @Test
    void aMountBelowALocalFileSystemOfFstabIsFine() throws IOException {
        Files.writeString(root.resolve("etc/fstab"), "/dev/sda1 / ext4\n/dev/sdb1 /srv ext4\n");
        host.live("uploads", mount("r1", "/srv/uploads", true));

        assertThat(host.turn().verdicts().values()).hasOnlyElementsOfType(Verdict.Accepted.class);
    }

    @ParameterizedTest
    @CsvSource({"/srv/a/files/more, below", "/srv/a, above"})
    void aMountInAnotherIsAConflict(String path, String where) {
        host.live("files", mount("r1", "/srv/a/files", true));
        host.turn();
        host.live("uploads", mount("r1", path, true));

        assertThat(problems(host.turn(), "uploads", true).getFirst())
                .isEqualTo(new Problem(
                        "Conflict",
                        "spec.path",
                        "\"%s\" is %s \"/srv/a/files\", which RemoteMount demo/files has on this host: one mount cannot be in another, choose another path"
                                .formatted(path, where)));
    }

    @Test
    void aMountBesideAnotherOfTheSameBeginningIsFine() {
        host.live("files", mount("r1", "/srv/a/files", true));
        host.live("more", mount("r1", "/srv/a/files-more", true));

        assertThat(host.turn().verdicts().values()).hasOnlyElementsOfType(Verdict.Accepted.class);
    }

    @Test
    void aMountThatWouldHideAnotherIsAConflict() throws IOException {
        Files.writeString(
                root.resolve("proc/self/mountinfo"), "36 35 98:0 / /srv/a/data rw,noatime - ext4 /dev/root rw\n");
        host.live("uploads", mount("r1", "/srv/a", true));

        assertThat(problems(host.turn(), "uploads", true).getFirst().message())
                .contains("would hide what is mounted at /srv/a/data");
    }

    @Test
    void withoutRoomNothingIsBegun() {
        host.space = List.of(new FreeSpace("/etc", 1 << 20, 5000));
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        Map<String, String> before = host.tree();

        assertThat(problems(host.turn(), "shop", true).getFirst().reason()).isEqualTo("DiskFull");
        assertThat(host.tree()).isEqualTo(before);
        host.space = List.of(new FreeSpace("/etc", 1 << 30, 5000));
        host.turn();
        assertThat(host.systemd.jobs).containsExactly("START " + SOCKET);
    }

    @Test
    void whatSystemdSaysAgainstAUnitTouchesNothingAndIsAskedAgainOnlyLater() {
        host.complaints.put(SERVICE, List.of(new Complaint(SERVICE + ".d/unitsmith.conf", 7, "Unknown key")));
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        Map<String, String> before = host.tree();

        assertThat(problems(host.turn(), "shop", true).getFirst())
                .isEqualTo(new Problem(
                        "UnitRejected",
                        null,
                        "systemd-analyze verify says of " + SERVICE + ".d/unitsmith.conf, line 7: Unknown key"));
        assertThat(host.tree()).isEqualTo(before);
        host.complaints.clear();
        assertThat(problems(host.turn(), "shop", true).getFirst().reason()).isEqualTo("UnitRejected");
        host.clock.pass(Duration.ofSeconds(20));
        host.turn();
        assertThat(host.systemd.jobs).containsExactly("START " + SOCKET);
    }

    @Test
    void aSocketThatFailedIsStartedAgainLessAndLessOften() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        int starts = 0;
        for (int second = 0; second < 60; second++) {
            host.clock.pass(Duration.ofSeconds(1));
            host.systemd.fail(SOCKET);
            host.systemd.jobs.clear();
            host.turn();
            starts += host.systemd.jobs.size();
        }
        assertThat(starts).isBetween(3, 7);
    }

    @Test
    void aChangeIsWorthATryAtOnce() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.fail(SOCKET);
        host.live("shop", pool("r2", "alice", "8.4", "256M"));
        host.turn();

        assertThat(host.systemd.isActive(SOCKET)).isTrue();
    }

    @Test
    void aFileThatSomebodyChangedIsPutRight() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        Map<String, String> before = host.tree();
        Files.writeString(root.resolve("etc/unitsmith/fpm/8.4/demo.shop.conf"), "garbage");
        host.turn();

        assertThat(host.tree()).isEqualTo(before);
    }

    @Test
    void withoutItsAutomountAMountStaysMountedByItself() {
        host.live("files", mount("r1", "/srv/files", true));
        host.turn();
        host.systemd.activate("srv-files.mount");
        host.live("files", mount("r2", "/srv/files", false));
        host.turn();

        assertThat(host.systemd.active()).containsExactly("srv-files.mount");
        assertThat(host.systemd.isCurrent("srv-files.mount")).isTrue();
        assertThat(root.resolve("etc/systemd/system/srv-files.automount")).doesNotExist();
    }

    @Test
    void aMasterThatDiesOfItsReloadGetsItsOldRevisionBack() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        Map<String, String> before = host.tree();
        host.systemd.runs = configuration -> !configuration.contains("666M");
        host.systemd.jobs.clear();
        host.live("shop", pool("r2", "alice", "8.4", "666M"));
        Turn turn = host.turn();

        assertThat(host.systemd.isActive(SERVICE)).isTrue();
        assertThat(host.systemd.isCurrent(SERVICE)).isTrue();
        assertThat(withoutNotes(host.tree())).isEqualTo(withoutNotes(before));
        assertThat(turn.ledger().assignments().get("shop").revision()).isEqualTo("r1");
        assertThat(turn.failures().get("shop").message())
                .contains(
                        "the previous revision is in force again", SERVICE + " is failed", "what " + SERVICE + " said");

        host.systemd.jobs.clear();
        assertThat(host.turn().failures()).containsKey("shop");
        assertThat(host.systemd.jobs).as("it is not tried again at once").isEmpty();
    }

    @Test
    void aMasterThatCannotBeStartedAfterASwitchGetsItsOldPhpBack() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        Map<String, String> before = host.tree();
        host.systemd.runs = configuration -> !configuration.contains("666M");
        host.live("shop", pool("r2", "alice", "8.2", "666M"));
        host.turn();

        assertThat(withoutNotes(host.tree())).isEqualTo(withoutNotes(before));
        assertThat(host.systemd.isActive(SERVICE)).isTrue();
        assertThat(host.systemd.isCurrent(SERVICE)).isTrue();
    }

    @Test
    void aFailedChangeOfOneIsNoMatterOfTheOthers() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.live("blog", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.runs = configuration -> !configuration.contains("666M");
        host.live("shop", pool("r2", "alice", "8.4", "666M"));
        host.live("blog", pool("r2", "alice", "8.4", "256M"));
        Turn turn = host.turn();

        assertThat(turn.failures()).containsOnlyKeys("shop");
        assertThat(turn.ledger().assignments().get("blog").revision()).isEqualTo("r2");
    }

    @Test
    void aFirstRevisionThatFailsLeavesNothing() {
        Map<String, String> before = host.tree();
        host.systemd.hook = moment -> !moment.startsWith("START");
        host.live("files", mount("r1", "/srv/files", true));
        Turn turn = host.turn();

        assertThat(withoutNotes(host.tree())).isEqualTo(withoutNotes(before));
        assertThat(turn.failures().get("files").message()).contains("nothing of it is left on this host");

        host.systemd.hook = moment -> true;
        host.clock.pass(Duration.ofSeconds(6));
        assertThat(host.turn().failures()).isEmpty();
        assertThat(host.systemd.isActive("srv-files.automount")).isTrue();
    }

    @Test
    void aPoolWhoseGoodRevisionCannotBeReadIsNotTakenOffTheHostWhenAChangeFails() throws IOException {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        Files.writeString(root.resolve("var/lib/unitsmith/good/shop.json"), "garbage");
        host.systemd.runs = configuration -> !configuration.contains("666M");
        host.live("shop", pool("r2", "alice", "8.4", "666M"));
        Turn turn = host.turn();

        assertThat(host.systemd.isActive(SOCKET)).isTrue();
        assertThat(turn.ledger().assignments()).containsKey("shop");
        assertThat(turn.failures().get("shop").message()).contains("it is tried again");
    }

    @Test
    void aTurnWithNothingToDoAsksSystemdOnce() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        int before = host.systemd.questions;
        host.turn();

        assertThat(host.systemd.questions - before).isEqualTo(1);
    }

    @Test
    void anotherRevisionIsTriedAtOnceAfterOneThatFailed() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.runs = configuration -> !configuration.contains("666M");
        host.live("shop", pool("r2", "alice", "8.4", "666M"));
        host.turn();
        host.live("shop", pool("r3", "alice", "8.4", "256M"));
        Turn turn = host.turn();

        assertThat(turn.failures()).isEmpty();
        assertThat(turn.ledger().assignments().get("shop").revision()).isEqualTo("r3");
    }

    @Test
    void aReloadIsNotProvedBeforeTheMasterHasExecutedItselfAnew() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.slow = true; // a request is under way
        host.live("shop", pool("r2", "alice", "8.4", "666M"));
        assertThat(host.turn().ledger().assignments().get("shop").proof()).isNotNull();

        host.systemd.runs = configuration -> !configuration.contains("666M");
        host.systemd.finish(SERVICE);
        Turn turn = host.turn();
        assertThat(turn.ledger().assignments().get("shop").revision()).isEqualTo("r1");
        assertThat(host.systemd.isActive(SERVICE)).isTrue();
    }

    @Test
    void aMountInUseIsNotChangedUntilItIsNot() {
        host.live("files", mount("r1", "/srv/files", true));
        host.turn();
        host.systemd.activate("srv-files.mount");
        host.systemd.busy.add("srv-files.mount");
        Map<String, String> before = host.tree();
        host.live("files", mount("r2", "/srv/files", true, "nfs-server:/other"));
        Turn turn = host.turn();

        assertThat(turn.failures().get("files").reason()).isEqualTo("MountBusy");
        assertThat(withoutNotes(host.tree())).isEqualTo(withoutNotes(before));
        assertThat(turn.ledger().assignments().get("files").revision()).isEqualTo("r1");

        host.systemd.busy.clear();
        host.clock.pass(Duration.ofSeconds(6));
        host.turn();
        assertThat(host.systemd.isActive("srv-files.mount"))
                .as("mounted as before")
                .isTrue();
        assertThat(host.systemd.isCurrent("srv-files.mount")).isTrue();
    }

    @Test
    void aReloadThatSystemdRefusesHoldsWhoNeedsItAndNobodyElse() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.systemd.jobs.clear();
        host.systemd.refusesToReload = true;
        host.live("shop", pool("r2", "alice", "8.2", "128M"));
        host.live("blog", pool("r1", "alice", "8.4", "128M"));
        Turn refused = host.turn();

        assertThat(host.systemd.jobs).containsExactly("START unitsmith-fpm@demo.blog.socket");
        assertThat(refused.failures()).containsOnlyKeys("shop");
        assertThat(refused.failures().get("shop").message()).contains("systemd refuses to reload");
        assertThat(refused.ledger().assignments().get("blog").revision()).isEqualTo("r1");
        assertThat(host.systemd.isActive(SERVICE)).as("it serves on").isTrue();

        Map<String, String> held = etc();
        host.clock.pass(Duration.ofSeconds(2));
        host.turn();
        assertThat(etc()).as("nothing is undone").isEqualTo(held);

        host.systemd.refusesToReload = false;
        host.clock.pass(Duration.ofSeconds(10));
        Turn done = host.turn();
        assertThat(host.systemd.daemonReloads).isEqualTo(1);
        assertThat(done.ledger().assignments().get("shop").revision()).isEqualTo("r2");
        assertThat(root.resolve("etc/unitsmith/fpm/8.4/demo.shop.conf")).doesNotExist();
    }

    private Map<String, String> etc() {
        Map<String, String> tree = new TreeMap<>(host.tree());
        tree.keySet().removeIf(path -> !path.startsWith("etc/"));
        return tree;
    }

    @Test
    void aStagedRevisionTellsWhatItWouldDo() {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate(SERVICE);
        host.assign("shop", false, pool("r1", "alice", "8.4", "128M"), pool("r2", "alice", "8.4", "256M"));
        Plan preview = host.turn().preview();

        assertThat(preview.impact("shop")).isEqualTo(Impact.RELOAD);
        assertThat(preview.summary("shop"))
                .containsExactly("reload " + SERVICE, "write /etc/unitsmith/fpm/8.4/demo.shop.conf");
    }

    private static Map<String, String> withoutNotes(Map<String, String> tree) {
        tree.keySet().removeIf(path -> path.startsWith("var/lib/unitsmith") || path.startsWith("run/unitsmith"));
        return tree;
    }

    static List<Problem> problems(Turn turn, String assignment, boolean live) {
        Candidate candidate = turn.candidates().get(new Turn.Key(assignment, live));
        Verdict verdict = turn.verdicts().get(candidate);
        return verdict instanceof Rejected(List<Problem> problems) ? problems : List.of();
    }
}
