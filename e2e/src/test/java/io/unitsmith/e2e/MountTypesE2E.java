package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.Machine;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Run;
import io.unitsmith.testbed.Storage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every type of mount but CephFS, from a real server, on a machine whose kernel has them all. */
@EndToEnd
@Tag("soak")
@BesideTheOthers
class MountTypesE2E {

    private static final List<MountCase> CASES = MountCase.ALL;
    private static final String DOMAIN = "OFFICE";

    /** Reads, tells how long that took and what is mounted now, and writes. */
    private static final String USE = """
            begun=$(date +%s%N)
            cat "$1/hello.txt" || exit
            echo $(( ($(date +%s%N) - begun) / 1000000 ))
            awk -v path="$1" '$5 == path && !/ - autofs /' /proc/self/mountinfo
            echo "$2" >"$1/from-$3"
            """;

    private final Counts rounds = Counts.of("rounds of mounts of every type", 1, 5);
    private final Counts boots = Counts.of("boots with the file server away", 1, 3);
    private final Machine client;
    private final Storage storage;
    private final long firstLogin;

    MountTypesE2E(Run run) {
        CompletableFuture<Storage> serves =
                CompletableFuture.supplyAsync(() -> Storage.start(run), Thread::startVirtualThread);
        this.client = Machine.start(run, "types", "trixie");
        this.storage = serves.join();
        this.firstLogin = login();
        Map<String, String> domain = new HashMap<>(storage.login());
        domain.put("domain", DOMAIN);
        List<String> manifests = new ArrayList<>(List.of(
                MountCase.secret("login", storage.login()),
                MountCase.secret("domain", domain),
                MountCase.secret("key", storage.key()),
                MountCase.secret("access-key", storage.accessKey())));
        CASES.forEach(each -> manifests.add(each.manifest()));
        apply(String.join("\n---\n", manifests));
    }

    @AfterAll
    void cleanUp() {
        client.remove();
        storage.close();
    }

    @Test
    @Timeout(1800)
    void eachTypeIsMountedAtTheFirstAccessUnmountedWhenIdleAndMountedAgainFromAServerThatWasRestarted() {
        long slowest = 0;
        long idle = 0;
        for (int round = 1; round <= rounds.count(); round++) {
            awaitWaiting();
            slowest = Math.max(slowest, use("first in round " + round));
            idle = Math.max(idle, awaitWaiting());
            awaitOnServer("first in round " + round);
            storage.restart();
            slowest = Math.max(slowest, use("second in round " + round));
        }
        rounds.result("0 of %d failed; read at most %d ms after the first access; unmounted at most %d s after the last"
                .formatted(2 * CASES.size() * rounds.count(), slowest, idle));
    }

    @Test
    void theServerIsToldTheDomainAndAnEncryptedShareIsEncrypted() {
        client.exec("cat", MountCase.FOLDER + "cifs/hello.txt").output();
        assertThat(storage.machine()
                        .exec("cat", "/var/log/samba/smbd.log")
                        .output()
                        .lines()
                        .filter(line -> line.contains("user [%s]\\[files]".formatted(DOMAIN))))
                .as("logins with the domain")
                .isNotEmpty()
                .allMatch(line -> line.contains("[NT_STATUS_OK]"));

        Result plain = mountWithoutEncryption("shop uploads");
        assertThat(plain.succeeded()).as("control: %s", plain).isTrue();
        assertThat(mountWithoutEncryption("sealed").stderr())
                .as("what is not encrypted")
                .contains("mount error");
    }

    /** By hand: SMB 2.1 knows of none. */
    private Result mountWithoutEncryption(String share) {
        return client.execWithInput(
                storage.login().get("password") + "\n",
                "sh",
                "-c",
                "IFS= read -r PASSWD; export PASSWD; mount -t cifs \"$1\" /mnt -o username=files,vers=2.1 && umount /mnt",
                "mount",
                "//storage/" + share);
    }

    @Test
    @Timeout(600)
    void secretsAreInFilesOfRootAloneAlsoOfMountsThatAreRefused() {
        MountSecrets secrets = new MountSecrets(client, storage);
        secrets.areRefused();
        use("to be looked at");
        secrets.whileInUse(() -> {
            assertThat(mounted()).as("control: mounts that are looked at").hasSize(CASES.size());
            secrets.assertForRootAlone();
        });
    }

    @Test
    @Timeout(900)
    void aHostBootsWithoutItsServerAsFastAsEverAndMountsWhenThatIsBack() {
        // with no automount before it, this one is tried at boot
        String fixed = MountCase.manifest(
                "fixed", "type: nfs4, source: 'storage:/srv/files', automount: {enabled: false}, mountTimeout: 5s");
        long slowestLogin = 0;
        for (int boot = 1; boot <= boots.count(); boot++) {
            apply(fixed);
            awaitWaiting();
            client.stop();
            storage.machine().pause();
            try {
                client.start();
                slowestLogin = Math.max(slowestLogin, login());
                bootedWithoutServer();
            } finally {
                storage.machine().unpause();
            }
            use("after boot " + boot);
            client.execWithInput(fixed, "unitsmith", "delete", "-f", "-").output();
        }
        boots.result(
                "login after %d s at most (%d s at the first boot, without mounts), 0 ordering cycles, all %d mounted"
                        .formatted(slowestLogin, firstLogin, CASES.size()));
    }

    /** Unlike that of FUSE, a mount of the kernel's own keeps who waits in state D. */
    @Test
    @Timeout(600)
    void aServerThatHangsHangsNobodyButThoseWhoUseItsMounts() {
        String settings = ", automount: {idleTimeout: 0s}, health: {interval: 10s, timeout: 5s}";
        List<MountCase> hung = CASES.stream()
                .filter(each -> List.of("nfs4", "nfs", "cifs").contains(each.name()))
                .map(each -> new MountCase("hung-" + each.name(), each.spec() + settings, each.mounted()))
                .toList();
        String manifests = hung.stream()
                .map(each -> MountCase.manifest(each.name(), each.spec()))
                .collect(Collectors.joining("\n---\n"));
        awaitWaiting();
        apply(manifests);
        hung.forEach(each -> client.exec("cat", each.path() + "/hello.txt").output());
        storage.machine().pause();
        try {
            hung.forEach(
                    each -> client.sh("setsid touch %s/touched >/dev/null 2>&1 </dev/null &".formatted(each.path()))
                            .output());
            long begun = System.nanoTime();
            awaitHung(hung.size());
            assertThat(Waiters.of(client, "")).as("control: who waits").contains("touch");
            client.exec("timeout", "60", "systemctl", "restart", "unitsmith-agent")
                    .output();
            awaitHung(hung.size());
            assertThat(Waiters.of(client, "unitsmith-agent.service"))
                    .as("of the agent")
                    .isEmpty();
            assertThat(client.exec("systemctl", "list-jobs", "--no-legend").output())
                    .as("jobs that do not end")
                    .isEmpty();
            System.out.printf(
                    "• %d mounts of the kernel's own seen to hang, also by an agent that was restarted meanwhile, after %d s%n",
                    hung.size(), Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        } finally {
            storage.machine().unpause();
        }
        awaitHung(0);
        hung.forEach(each -> assertThat(
                        client.exec("cat", each.path() + "/hello.txt").output())
                .isEqualTo(Storage.CONTENT));
        client.execWithInput(manifests, "unitsmith", "delete", "-f", "-").output();
    }

    private void awaitHung(int count) {
        until(
                "%d are seen to hang".formatted(count),
                Duration.ofSeconds(90),
                () -> client.exec("unitsmith", "status")
                                .output()
                                .lines()
                                .filter(line -> line.matches("RemoteMount +default/hung-\\S+ +Hung .*"))
                                .count()
                        == count,
                () -> client.exec("unitsmith", "status").stdout());
    }

    private void bootedWithoutServer() {
        assertThat(mounted()).isEmpty();
        assertThat(waiting()).hasSize(CASES.size());
        List<String> journal = client.exec("journalctl", "--boot", "--output", "cat")
                .output()
                .lines()
                .toList();
        assertThat(journal)
                .as("control: of this boot")
                .anyMatch(line -> line.startsWith("Set up automount srv-types-nfs.automount"));
        assertThat(journal).noneMatch(line -> line.contains("ordering cycle"));
        assertThat(journal.stream()
                        .filter(line -> line.startsWith("Finished systemd-user-sessions.service")
                                || line.startsWith("Failed to mount srv-types-fixed.mount"))
                        .map(line -> line.replaceFirst(" - .*", ""))
                        .toList())
                .as("login first, then the end of the wait for the server")
                .startsWith("Finished systemd-user-sessions.service", "Failed to mount srv-types-fixed.mount");
    }

    /** Seconds from the start of the kernel until users can log in. */
    private long login() {
        return Duration.ofNanos(1000
                        * Long.parseLong(client.exec(
                                        "systemctl",
                                        "show",
                                        "--value",
                                        "--property=ActiveEnterTimestampMonotonic",
                                        "systemd-user-sessions.service")
                                .output()))
                .toSeconds();
    }

    /** Reads and writes on each; returns the milliseconds that the slowest took until it was read. */
    private long use(String text) {
        List<String> faults = new ArrayList<>();
        long slowest = 0;
        for (MountCase each : CASES) {
            Result use = client.exec("sh", "-c", USE, "use", each.path(), text, each.name());
            List<String> lines = use.stdout().lines().toList();
            boolean isRead = lines.size() == 3 && lines.getFirst().equals(Storage.CONTENT);
            boolean isWritten = each.isReadOnly()
                    ? use.stderr().contains("Read-only file system")
                    : use.stderr().isEmpty();
            if (!isRead || !isWritten || !lines.getLast().matches(".*nosuid,nodev.* - " + each.mounted() + ".*")) {
                faults.add(each.name() + ": " + use
                        + client.journal(each.path().substring(1).replace('/', '-') + ".mount"));
            } else {
                slowest = Math.max(slowest, Long.parseLong(lines.get(1)));
            }
        }
        assertThat(faults).as("use %s", text).isEmpty();
        return slowest;
    }

    /** Until nothing is mounted, and all automounts are there; returns the seconds that this took. Looks at no path, which would be an access. */
    private long awaitWaiting() {
        long begun = System.nanoTime();
        until(
                "all are unmounted when idle",
                Duration.ofSeconds(60),
                () -> mounted().isEmpty() && waiting().size() == CASES.size(),
                () -> client.exec("cat", "/proc/self/mountinfo").stdout()
                        + client.exec("unitsmith", "status").stdout());
        return Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    }

    private List<String> mounted() {
        return mountinfo().stream().filter(line -> !line.contains(" - autofs ")).toList();
    }

    private List<String> waiting() {
        return mountinfo().stream().filter(line -> line.contains(" - autofs ")).toList();
    }

    private List<String> mountinfo() {
        return client.exec("cat", "/proc/self/mountinfo")
                .output()
                .lines()
                .filter(line ->
                        line.contains(" " + MountCase.FOLDER) && !line.contains(" " + MountCase.FOLDER + "fixed "))
                .toList();
    }

    private void awaitOnServer(String text) {
        Map<String, String> written = CASES.stream()
                .filter(each -> !each.isReadOnly())
                .collect(Collectors.toMap(each -> "from-" + each.name(), each -> text));
        until(
                "what was written on each is on the server",
                Duration.ofSeconds(30),
                () -> storage.files("from-*").equals(written),
                () -> storage.files("from-*").toString());
    }

    private void apply(String manifests) {
        client.execWithInput(manifests, "unitsmith", "apply", "-f", "-").output();
    }
}
