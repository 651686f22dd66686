package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Run;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that hangs under twenty mounts of one host: who uses them waits, and nobody else notices. */
@EndToEnd
@BesideTheOthers
class HungMountE2E {

    private static final int MOUNTS = 20;
    private static final int FORCED = 19;
    private static final int WITH_POLICY_FORCE = 18;
    private static final int DELETED = 17;
    private static final int TRIES = 3;
    private static final String HUNG = "hung-files";
    private static final String WELL = "well-files";

    private final ContainerHost host;
    private final FileServer hung;
    private final FileServer well;
    private int made;

    HungMountE2E(Run run) {
        this.host = ContainerHost.standalone(run, "hung", "trixie");
        this.hung = FileServer.start(run, HUNG);
        this.well = FileServer.start(run, WELL);
    }

    @BeforeAll
    void theirKeys() {
        apply(secret(HUNG, hung) + "---\n" + secret(WELL, well)).output();
        host.execWithInput(
                        "<?php echo file_get_contents('/srv/hung/0/hello.txt');",
                        "install",
                        "-D",
                        "--owner=alice",
                        "/dev/stdin",
                        "/home/alice/www/read.php")
                .output();
    }

    @AfterAll
    void cleanUp() {
        host.remove();
        hung.close();
        well.close();
    }

    @Test
    @Timeout(900)
    void twentyHungMountsHangNobodyButThoseWhoUseThem() {
        String mounts =
                IntStream.range(0, MOUNTS).mapToObj(HungMountE2E::hungMount).collect(Collectors.joining("---\n"));
        apply(mounts + "---\n" + mount(WELL, "well", "") + "---\n" + pool("shop", "") + "---\n"
                        + pool("reader", "requiresMounts: [hung-0]"))
                .output();
        IntStream.range(0, MOUNTS)
                .forEach(i -> assertThat(host.exec("cat", "/srv/hung/" + i + "/hello.txt")
                                .output())
                        .isEqualTo("this file is on the file server"));
        until("all are seen as mounted", Duration.ofSeconds(60), () -> count("Mounted") == MOUNTS, this::status);
        Figures before = measure();
        assertThat(visit("reader", "read.php", 5).stdout().strip()).isEqualTo("this file is on the file server");

        // ssh itself goes on to answer, or it would give the connection up after a minute
        hung.host().exec("pkill", "-STOP", "sftp-server").output();
        long start = System.nanoTime();
        try {
            IntStream.range(0, MOUNTS)
                    .forEach(i -> host.sh("setsid cat /srv/hung/%1$d/hello.txt >/root/read-%1$d 2>&1 </dev/null &"
                                    .formatted(i))
                            .output());
            until("all are seen to hang", Duration.ofSeconds(90), () -> count("Hung") == MOUNTS, this::status);
            System.out.printf("• %d mounts seen to hang after %d s%n", MOUNTS, secondsSince(start));
            assertThat(status())
                    .contains("! MountHung: files@hung-files:/srv/uploads has not answered since")
                    .contains("umount --force --lazy '/srv/hung/0'");
            whatIsDeletedGracefullyWaits();
            whoDoesNotUseThemNoticesNothing(before);
            whatIsToBeTakenAwayByForceIs();
        } finally {
            hung.host().exec("pkill", "-CONT", "sftp-server").output();
        }
        start = System.nanoTime();
        until("none hangs any more", Duration.ofSeconds(60), () -> count("Hung") == 0, this::status);
        System.out.printf("• recovery seen after %d s%n", secondsSince(start));
        until(
                "all who waited have a result, or an error",
                Duration.ofSeconds(60),
                () -> host.sh("find /root -name 'read-*' -empty").output().isEmpty(),
                () -> Waiters.of(host, ""));
        assertThat(host.exec("cat", "/root/read-0").output()).isEqualTo("this file is on the file server");
        until(
                "the deleted one is gone",
                Duration.ofSeconds(60),
                () -> Mount.mountinfo(host, path(DELETED)).isEmpty(),
                this::status);
        assertThat(host.exec("cat", path(FORCED) + "/hello.txt").output())
                .as("one that was taken away by force, at the next access")
                .isEqualTo("this file is on the file server");
    }

    private void whoDoesNotUseThemNoticesNothing(Figures before) {
        Result waits = visit("reader", "read.php", 3);
        assertThat(waits.exitCode()).as("a request that reads there: %s", waits).isEqualTo(28);
        assertThat(visit("reader", "index.php", 5).stdout())
                .as("another one of the same pool")
                .startsWith("hello from alice");
        Figures now = measure();
        System.out.printf("• with %d hung mounts: %s; without: %s%n", MOUNTS, now, before);
        for (int i = 0; i < now.figures().size(); i++) {
            assertThat(now.figures().get(i).millis())
                    .as("%s, in ms; without hung mounts %s", now.figures().get(i), before)
                    .isLessThan(Math.max(1000, 2 * before.figures().get(i).millis()));
        }
        assertThat(host.exec("cat", "/srv/well/well/hello.txt").output()).isEqualTo("this file is on the file server");
        assertThat(Waiters.of(host, "unitsmith-agent.service"))
                .as("the agent's processes that wait for a server")
                .isEmpty();
        assertThat(Waiters.of(host, "unitsmith-probe@").lines())
                .as("probes that wait, one for each mount")
                .hasSize(MOUNTS);
        assertThat(host.exec("systemctl", "list-jobs", "--no-legend").output())
                .as("jobs that do not end")
                .isEmpty();
        assertThat(count("Hung")).as("after the agent was restarted").isEqualTo(MOUNTS - 1);
    }

    private void whatIsToBeTakenAwayByForceIs() {
        apply(mount(
                HUNG,
                "hung-" + FORCED,
                SETTINGS + "\n  health: {interval: 10s, timeout: 5s, action: ForceUnmount}",
                "/srv/hung/" + FORCED));
        until(
                "it is taken away",
                Duration.ofSeconds(60),
                () -> !Mount.mountinfo(host, path(FORCED)).contains("sshfs"),
                this::status);
        assertThat(Mount.mountinfo(host, path(FORCED))).as("its automount").contains("autofs");
        until(
                "who waited there has got an error",
                Duration.ofSeconds(10),
                () -> !host.exec("cat", "/root/read-" + FORCED).stdout().isEmpty(),
                () -> Waiters.of(host, ""));

        apply(mount(HUNG, "hung-" + WITH_POLICY_FORCE, SETTINGS + "\n  unmountPolicy: Force", path(WITH_POLICY_FORCE)));
        long start = System.nanoTime();
        Result deleted = host.execWithInput(
                mount(HUNG, "hung-" + WITH_POLICY_FORCE, ""), "unitsmith", "delete", "-f", "-", "--timeout", "60s");
        assertThat(deleted.succeeded()).as("%s", deleted).isTrue();
        System.out.printf("• a hung mount deleted by force in %d s%n", secondsSince(start));
        assertThat(Mount.mountinfo(host, path(WITH_POLICY_FORCE))).isEmpty();
    }

    private void whatIsDeletedGracefullyWaits() {
        Result deleted = host.execWithInput(
                mount(HUNG, "hung-" + DELETED, ""), "unitsmith", "delete", "-f", "-", "--timeout", "5s");
        assertThat(deleted.exitCode()).as("%s", deleted).isEqualTo(3);
        assertThat(status()).contains("is not unmounted while its server does not answer");
        assertThat(Mount.mountinfo(host, path(DELETED))).contains("autofs", "sshfs");
    }

    @Test
    void beingAskedKeepsNoMountFromGoingIdle() {
        apply(mount(WELL, "idle", "  automount: {idleTimeout: 12s}\n  health: {interval: 10s}"))
                .output();
        host.exec("ls", "/srv/well/idle").output();
        until(
                "its server has been asked",
                Duration.ofSeconds(10),
                () -> host.sh("cat /run/unitsmith/probe/srv-well-idle").stdout().matches("[0-9]+ [0-9]+ [0-9]+\\s*"),
                () -> host.journal("unitsmith-agent"));
        long start = System.nanoTime();
        until(
                "it is unmounted when idle",
                Duration.ofSeconds(30),
                () -> !Mount.mountinfo(host, "/srv/well/idle").contains("sshfs"),
                this::status);
        System.out.printf("• asked every 10 s at most, idleTimeout 12s: unmounted after %d s%n", secondsSince(start));
    }

    @Test
    void aMountThatNoLongerWorksIsToldAndTakenAwayIfThatIsAskedFor() {
        apply(mount(WELL, "broken", SETTINGS + "\n  health: {interval: 10s, timeout: 2s}"))
                .output();
        host.exec("ls", "/srv/well/broken").output();
        host.exec("pkill", "-KILL", "-f", "sshfs.*/srv/well/broken").output();
        until(
                "it is seen to be broken",
                Duration.ofSeconds(60),
                () -> status().contains("cannot be used: Transport endpoint is not connected"),
                this::status);
        apply(mount(WELL, "broken", SETTINGS + "\n  health: {interval: 10s, timeout: 2s, action: ForceUnmount}"));
        until(
                "it is mounted anew",
                Duration.ofSeconds(60),
                () -> host.exec("cat", "/srv/well/broken/hello.txt").succeeded(),
                this::status);
    }

    @Test
    void whoUsesAMountThatIsToGoIsNamed() {
        apply(mount(WELL, "busy", "")).output();
        host.sh("cd /srv/well/busy && setsid sleep 300 >/dev/null 2>&1 </dev/null & echo $!")
                .output();
        Result deleted =
                host.execWithInput(mount(WELL, "busy", ""), "unitsmith", "delete", "-f", "-", "--timeout", "10s");
        assertThat(deleted.exitCode()).as("%s", deleted).isEqualTo(3);
        assertThat(status()).containsPattern("MountBusy: .*sleep \\(process [0-9]+ of root\\) does");
        host.exec("pkill", "-f", "sleep 300").output();
        until(
                "it goes",
                Duration.ofSeconds(30),
                () -> Mount.mountinfo(host, "/srv/well/busy").isEmpty(),
                this::status);
    }

    private record Figure(String what, long millis) {
        @Override
        public String toString() {
            return "%s %d ms".formatted(what, millis);
        }
    }

    private record Figures(List<Figure> figures) {
        @Override
        public String toString() {
            return figures.stream().map(Figure::toString).collect(Collectors.joining(", "));
        }
    }

    private Figures measure() {
        return new Figures(List.of(
                median("pool applied", () -> apply(pool("new-" + made++, "")).output()),
                median("mount applied and read", () -> {
                    String name = "new-" + made++;
                    apply(mount(WELL, name, "")).output();
                    host.exec("cat", "/srv/well/" + name + "/hello.txt").output();
                }),
                median(
                        "request",
                        () -> assertThat(visit("shop", "index.php", 10).stdout())
                                .startsWith("hello from alice")),
                median(
                        "unitsmith status",
                        () -> host.exec("unitsmith", "status").output()),
                median(
                        "agent restarted",
                        () -> host.exec("systemctl", "restart", "unitsmith-agent")
                                .output())));
    }

    private static Figure median(String what, Runnable work) {
        long[] times = new long[TRIES];
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            work.run();
            times[i] = Duration.ofNanos(System.nanoTime() - start).toMillis();
        }
        Arrays.sort(times);
        return new Figure(what, times[TRIES / 2]);
    }

    private long count(String state) {
        return status().lines()
                .filter(line -> line.matches("RemoteMount +default/hung-\\d+ +" + state + " .*"))
                .count();
    }

    private String status() {
        return host.exec("unitsmith", "status").output();
    }

    private Result visit(String pool, String script, int seconds) {
        return host.exec(
                "curl",
                "--silent",
                "--max-time",
                Integer.toString(seconds),
                "http://localhost/~alice/default.%s/%s".formatted(pool, script));
    }

    private Result apply(String manifests) {
        return host.execWithInput(manifests, "unitsmith", "apply", "-f", "-");
    }

    private static final String SETTINGS = "  automount: {idleTimeout: 0s}";

    private static String hungMount(int number) {
        return mount(HUNG, "hung-" + number, SETTINGS + "\n  health: {interval: 10s, timeout: 5s}", path(number));
    }

    private static String path(int number) {
        return "/srv/hung/" + number;
    }

    private static String mount(String server, String name, String more) {
        return mount(server, name, more, server.equals(HUNG) ? "/srv/" + name.replace('-', '/') : "/srv/well/" + name);
    }

    private static String mount(String server, String name, String more, String path) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: %s}
                spec:
                  hostNames: [here]
                  type: sshfs
                  source: files@%s:/srv/uploads
                  path: %s
                  credentials: {secretRef: {name: %s}}
                %s
                """.formatted(name, server, path, server, more);
    }

    private static String pool(String name, String more) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: %s}
                spec:
                  hostNames: [here]
                  user: alice
                  phpVersion: "8.4"
                  %s
                """.formatted(name, more);
    }

    private static String secret(String name, FileServer server) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                stringData:
                %s""".formatted(
                name,
                server.credentials().entrySet().stream()
                        .map(entry -> "  %s: |\n%s"
                                .formatted(entry.getKey(), entry.getValue().indent(4)))
                        .collect(Collectors.joining()));
    }

    private static long secondsSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
    }
}
