package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.Run;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many changes at once are one batch: systemd reads its units anew as rarely as can be, and what is done is done once. Many idle pools are nothing but sockets. */
@EndToEnd
@Tag("soak")
@BesideTheOthers
class BatchE2E {

    private static final String MANIFESTS = "/etc/unitsmith/manifests/batch.yaml";
    private static final String SOCKETS = "unitsmith-fpm@default.batch-*.socket";

    /** T21: longer than anything that the agent does now and then. */
    private static final Duration WATCHED = Duration.ofMinutes(1);

    private final Counts pools = Counts.of("pools in one batch", 200, 200);
    private final Counts idle = Counts.of("idle pools on one host", 200, 1000);
    private final ContainerHost host;

    BatchE2E(Run run) {
        this.host = ContainerHost.standalone(run, "batch", "trixie");
    }

    @AfterAll
    void cleanUp() {
        host.remove();
    }

    @Test
    @Timeout(900)
    void aBatchOfNewPoolsNeedsNoDaemonReloadOneOfEditsNeedsOneAndASecondApplyDoesNothing() {
        host.execWithInput(pool("first", 511), "unitsmith", "apply", "-f", "-").output();
        String begun = cursor();
        host.exec("systemctl", "daemon-reload").output();
        assertThat(reloadsSince(begun))
                .as("control: a daemon-reload is counted")
                .isEqualTo(1);

        List<String> processes = processes();
        String created = cursor();
        long placed = System.nanoTime();
        long start = placed;
        place(pools.count(), 511);
        awaitBacklog(pools.count(), 511);
        long creation = secondsSince(start);
        assertThat(reloadsSince(created)).as("daemon-reloads for new pools").isZero();

        until(
                "the new ones have proved themselves",
                Duration.ofMinutes(1),
                () -> !host.exec("grep", "--quiet", "\"proof\" *: *{", "/var/lib/unitsmith/ledger.json")
                        .succeeded(),
                () -> host.exec("cat", "/var/lib/unitsmith/ledger.json").stdout());
        String before = traces();
        String again = cursor();
        place(pools.count(), 511);
        // it is ready after its first turn
        host.exec("systemctl", "restart", "unitsmith-agent").output();
        assertThat(traces()).as("files, and starts of units").isEqualTo(before);
        assertThat(doneSince(again))
                .as("what the agent did at the second apply")
                .isEmpty();

        String edited = cursor();
        start = System.nanoTime();
        place(pools.count(), 77);
        awaitBacklog(pools.count(), 77);
        long edit = secondsSince(start);
        assertThat(reloadsSince(edited)).as("daemon-reloads for edits").isEqualTo(1);
        assertThat(traces()).as("control: an edit leaves traces").isNotEqualTo(before);
        pools.result("daemon-reloads: 0 for new ones (%d s), 1 for edits (%d s); the second apply did nothing; agent %s"
                .formatted(creation, edit, memory()));
        idlePoolsAreNothingButSockets(processes, placed);
    }

    private List<String> doneSince(String cursor) {
        return host.sh("journalctl --quiet --after-cursor='%s' --output cat --unit unitsmith-agent".formatted(cursor))
                .output()
                .lines()
                .filter(line -> line.matches(".*\\b(wrote|removed|start|stop|reload|restart) [/u].*"))
                .toList();
    }

    private void idlePoolsAreNothingButSockets(List<String> processes, long placed) {
        place(idle.count(), 77);
        awaitBacklog(idle.count(), 77);
        until(
                "the agent has had a minute to look at them",
                WATCHED.plusSeconds(1),
                () -> secondsSince(placed) >= WATCHED.toSeconds(),
                () -> secondsSince(placed) + " s");
        until(
                "the host has the processes that it had without them",
                Duration.ofSeconds(30),
                () -> processes().equals(processes),
                () -> host.exec("ps", "-ef").stdout());
        assertThat(masters())
                .as("masters, and whether they ever ran")
                .hasSize(idle.count())
                .doesNotContainValue(true);

        assertThat(host.exec("curl", "--silent", "--fail", "http://localhost/~alice/default.batch-7/index.php")
                        .output())
                .startsWith("hello from alice");
        assertThat(masters().entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey))
                .as("control: a request starts its own, and no other")
                .containsExactly("Id=unitsmith-fpm@default.batch-7.service");
        assertThat(host.sh("cat /proc/[0-9]*/cgroup 2>/dev/null | grep -o 'unitsmith-fpm@.*service' | sort -u")
                        .output())
                .as("whose processes there are")
                .isEqualTo("unitsmith-fpm@default.batch-7.service");
        idle.result("0 processes; a request started 1 of them; agent " + memory());
    }

    /** The names of all, but for those that look. */
    private List<String> processes() {
        return host.sh("ps -e -o comm= | grep -vx -e ps -e sh -e grep -e sort | sort")
                .output()
                .lines()
                .toList();
    }

    /** The masters that there could be, each with whether it has ever run. */
    private Map<String, Boolean> masters() {
        return Stream.of(host.sh("systemctl show --all --property Id,ActiveEnterTimestampMonotonic '%s'"
                                .formatted(SOCKETS.replace(".socket", ".service")))
                        .output()
                        .split("\n\n"))
                .map(unit -> unit.lines().toList())
                .collect(Collectors.toMap(
                        unit -> unit.stream()
                                .filter(line -> line.startsWith("Id="))
                                .findFirst()
                                .orElseThrow(),
                        unit -> !unit.contains("ActiveEnterTimestampMonotonic=0")));
    }

    /** All at once, also for somebody who looks meanwhile. */
    private void place(int count, int backlog) {
        String all = IntStream.range(0, count)
                .mapToObj(number -> pool("batch-" + number, backlog))
                .collect(Collectors.joining("---\n"));
        host.execWithInput(all, "sh", "-c", "cat >/root/batch.yaml && mv /root/batch.yaml " + MANIFESTS)
                .output();
    }

    private static String pool(String name, int backlog) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: %s}
                spec: {hostNames: [here], user: alice, phpVersion: "8.4", socket: {backlog: %d}}
                """.formatted(name, backlog);
    }

    private void awaitBacklog(int count, int backlog) {
        until(
                "%d sockets listen with a backlog of %d".formatted(count, backlog),
                Duration.ofMinutes(5),
                () -> host.sh(
                                "systemctl show --property ActiveState,Backlog '%s' | paste - - - | grep -c 'Backlog=%d\\b.*ActiveState=active'"
                                        .formatted(SOCKETS, backlog))
                        .stdout()
                        .strip()
                        .equals(Integer.toString(count)),
                () -> host.exec("systemctl", "list-units", "--all", "--no-pager", SOCKETS)
                                .stdout()
                        + host.journal("unitsmith-agent"));
    }

    /** Every file that the agent could write, by its inode and times, and every start of a unit. */
    private String traces() {
        return host.sh("""
                find /etc/systemd /etc/unitsmith/fpm /var/lib/unitsmith/ledger* -printf '%%p %%i %%T@ %%C@\\n' | sort
                systemctl show --property Id,InvocationID,ActiveEnterTimestampMonotonic '%s' | sort
                """.formatted(SOCKETS)).output();
    }

    private String cursor() {
        String shown = host.exec("journalctl", "--quiet", "--lines", "1", "--show-cursor")
                .output();
        return shown.substring(shown.lastIndexOf("-- cursor: ") + "-- cursor: ".length())
                .strip();
    }

    private int reloadsSince(String cursor) {
        return Integer.parseInt(host.sh(
                        "journalctl --sync; journalctl --quiet --after-cursor='%s' --output cat _PID=1 | grep -c '^Reloading finished'"
                                .formatted(cursor))
                .stdout()
                .strip());
    }

    private String memory() {
        return host.sh("grep VmHWM /proc/$(systemctl show --value --property MainPID unitsmith-agent)/status")
                .output()
                .replaceAll("\\s+", " ");
    }

    private static long secondsSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
    }
}
