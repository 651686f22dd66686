package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.Run;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many changes at once are one batch: systemd reads its units anew as rarely as can be, and what is done is done once. */
@EndToEnd
@Tag("soak")
class BatchE2E {

    private static final String MANIFESTS = "/etc/unitsmith/manifests/batch.yaml";
    private static final String SOCKETS = "unitsmith-fpm@default.batch-*.socket";

    private final Counts pools = Counts.of("pools in one batch", 200, 200);
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

        String created = cursor();
        long start = System.nanoTime();
        place(511);
        awaitBacklog(511);
        long creation = secondsSince(start);
        assertThat(reloadsSince(created)).as("daemon-reloads for new pools").isZero();

        String before = traces();
        String again = cursor();
        place(511);
        // it is ready after its first turn
        host.exec("systemctl", "restart", "unitsmith-agent").output();
        assertThat(traces()).as("files, and starts of units").isEqualTo(before);
        assertThat(host.sh("journalctl --quiet --after-cursor='%s' --output cat --unit unitsmith-agent"
                                .formatted(again))
                        .output()
                        .lines()
                        .filter(line -> line.matches(".*\\b(wrote|removed|start|stop|reload|restart) [/u].*")))
                .as("what the agent did at the second apply")
                .isEmpty();

        String edited = cursor();
        start = System.nanoTime();
        place(77);
        awaitBacklog(77);
        long edit = secondsSince(start);
        assertThat(reloadsSince(edited)).as("daemon-reloads for edits").isEqualTo(1);
        assertThat(traces()).as("control: an edit leaves traces").isNotEqualTo(before);
        pools.result("daemon-reloads: 0 for new ones (%d s), 1 for edits (%d s); the second apply did nothing; agent %s"
                .formatted(creation, edit, memory()));
    }

    /** All at once, also for somebody who looks meanwhile. */
    private void place(int backlog) {
        String all = IntStream.range(0, pools.count())
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

    private void awaitBacklog(int backlog) {
        until(
                "%d sockets listen with a backlog of %d".formatted(pools.count(), backlog),
                Duration.ofMinutes(5),
                () -> host.sh(
                                "systemctl show --property ActiveState,Backlog '%s' | paste - - - | grep -c 'Backlog=%d\\b.*ActiveState=active'"
                                        .formatted(SOCKETS, backlog))
                        .stdout()
                        .strip()
                        .equals(Integer.toString(pools.count())),
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
