package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unitsmith.agent.facts.Processes.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With processes of this machine: nothing else behaves like /proc. */
@Timeout(60)
class ProcessTableTest {

    private final ProcessTable table = new ProcessTable(Path.of("/proc"));
    private Process shell;

    @AfterEach
    void end() throws InterruptedException {
        List<ProcessHandle> children = shell.descendants().toList();
        shell.destroyForcibly().waitFor();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aChildThatWorksIsNeverTheSameAgain() throws Exception {
        try (ServerSocket server = listen()) {
            shell = start("""
                    exec 3<>/dev/tcp/127.0.0.1/%d
                    (echo 'a (very) (strange' >/proc/self/comm
                     while read -r -u 3 line; do for i in {1..200000}; do :; done; echo done; done) &
                    wait""".formatted(server.getLocalPort()));
            try (var connection = server.accept()) {
                Processes resting = awaitRest();
                assertThat(resting.sockets())
                        .as("those that the parent has too")
                        .isEmpty();

                connection.getOutputStream().write("work\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(shell.inputReader().readLine()).isEqualTo("done");
                Processes worked = table.of(Math.toIntExact(shell.pid()));
                assertThat(worked.children().keySet())
                        .isEqualTo(resting.children().keySet());
                assertThat(worked).isNotEqualTo(resting);
            }
        }
    }

    @Test
    void evenWorkThatTakesNoTimeLeavesItsMark() throws Exception {
        try (ServerSocket server = listen()) {
            shell = start("""
                    exec 3<>/dev/tcp/127.0.0.1/%d
                    (while read -r -u 3 line; do echo done; done) &
                    wait""".formatted(server.getLocalPort()));
            try (var connection = server.accept()) {
                for (int i = 0; i < 20; i++) {
                    Processes resting = awaitRest();
                    connection.getOutputStream().write('\n');
                    assertThat(shell.inputReader().readLine()).isEqualTo("done");
                    assertThat(awaitRest()).isNotEqualTo(resting);
                }
            }
        }
    }

    @Test
    void theCommandLineOfOneThatWaitsForAServerIsNotRead(@TempDir Path proc) throws Exception {
        shell = start("true");
        Files.createDirectories(proc.resolve("10/task/10"));
        Files.createDirectories(proc.resolve("10/fd"));
        Files.writeString(proc.resolve("10/task/10/children"), "11 12 ");
        for (String pid : List.of("11", "12")) {
            Files.createDirectories(proc.resolve(pid + "/fd"));
            Files.writeString(proc.resolve(pid + "/cmdline"), "a title");
            Files.writeString(proc.resolve(pid + "/status"), "voluntary_ctxt_switches:\t1\n");
            String state = pid.equals("11") ? "D" : "S";
            Files.writeString(
                    proc.resolve(pid + "/stat"),
                    pid + " (php) " + state + " 10 1 1 0 -1 0 0 0 0 0 5 6 0 0 20 0 1 0 77 0");
        }
        assertThat(new ProcessTable(proc).of(10).children().values())
                .extracting(Processes.Child::title, Processes.Child::work)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("", "5 6 77 1"),
                        org.assertj.core.groups.Tuple.tuple("a title", "5 6 77 1"));
    }

    @Test
    void aConnectionOfAChildIsItsOwn() throws Exception {
        try (ServerSocket server = listen()) {
            shell = start("""
                    (exec 3<>/dev/tcp/127.0.0.1/%d; read -r -u 3 line) &
                    wait""".formatted(server.getLocalPort()));
            try (var connection = server.accept()) {
                assertThat(connection.isConnected()).isTrue();
                assertThat(awaitRest().sockets()).singleElement().asString().startsWith("socket:[");
            }
        }
    }

    @Test
    void aNameWithParenthesesInItIsNoOtherField(@TempDir Path proc) throws Exception {
        shell = start("exit");
        Files.createDirectories(proc.resolve("1/fd"));
        Files.createDirectories(proc.resolve("1/task/1"));
        Files.writeString(proc.resolve("1/task/1/children"), "2 ");
        Files.createDirectories(proc.resolve("2/fd"));
        String from4 = IntStream.rangeClosed(4, 52).mapToObj(String::valueOf).collect(Collectors.joining(" "));
        Files.writeString(proc.resolve("2/stat"), "2 (a) b (c) S " + from4);
        Files.writeString(
                proc.resolve("2/status"), "Name:\tb\nvoluntary_ctxt_switches:\t7\nnonvoluntary_ctxt_switches:\t8\n");
        Files.writeString(proc.resolve("2/cmdline"), "php-fpm: pool a.b\0\0\0");

        // utime, stime and starttime, as proc_pid_stat(5) counts them
        assertThat(new ProcessTable(proc).of(1).children())
                .containsEntry(2, new Child("php-fpm: pool a.b", "14 15 22 7", Set.of()));
    }

    @Test
    void aProcessThatHasEndedCannotBeRead() throws Exception {
        shell = start("exit");
        shell.waitFor();
        assertThatThrownBy(() -> table.of(Math.toIntExact(shell.pid()))).isInstanceOf(IOException.class);
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static Process start(String script) throws IOException {
        return new ProcessBuilder("bash", "-c", script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Until there is a child, and it has come to where it waits. */
    private Processes awaitRest() throws IOException, InterruptedException {
        Processes before = new Processes(Map.of());
        while (true) {
            Processes now = table.of(Math.toIntExact(shell.pid()));
            if (!now.children().isEmpty() && now.equals(before)) {
                return now;
            }
            before = now;
            Thread.sleep(50);
        }
    }
}
