package io.unitsmith.e2e;

import static io.unitsmith.e2e.Attempts.Attempt.BUS;
import static io.unitsmith.e2e.Attempts.Attempt.TOLD;
import static io.unitsmith.e2e.Attempts.Control.NEIGHBOUR;
import static io.unitsmith.e2e.Attempts.Control.ROOT;
import static io.unitsmith.e2e.Attempts.Control.TWIN;

import java.util.List;
import java.util.stream.Stream;

/** What a tenant's PHP may try against another's pool, and against its own limits. */
final class Attempts {

    private Attempts() {}

    /** Whose PHP the same attempt succeeds for. */
    enum Control {
        /** A pool of the recipe beside the other one: another user, the same group. */
        NEIGHBOUR,
        /** A pool of the recipe that has the other's user, as where one user is for all sites. */
        TWIN,
        /** A pool of the recipe that runs as root. */
        ROOT
    }

    /**
     * One of them.
     *
     * @param php what the tenant's script does; its variables are those of the shell
     * @param done what root asks the host's shell, to see whether it has worked; `$said` is what the script has said
     */
    record Attempt(String name, Control control, String php, String done) {

        /** That the script has said what only the other can know. */
        static final String TOLD = "grep -qF -- \"$canary\" <<<\"$said\"";

        static final String BUS =
                "busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager";

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Attempt> all() {
        return Stream.of(sockets(), readings(), changes(), processes(), limits(), cgroups(), systemd())
                .flatMap(List::stream);
    }

    private static List<Attempt> sockets() {
        String replaced = "test \"$(stat --format %i \"$otherSocket\" 2>&1)\" != \"$otherSocketInode\"";
        return List.of(
                new Attempt("it runs a script as the other, through the other's socket", NEIGHBOUR, """
                        require __DIR__ . '/fastcgi.php';
                        echo implode(' ', ask($otherSocket, $otherScript));""", TOLD),
                new Attempt(
                        "it removes the other's socket",
                        NEIGHBOUR,
                        "unlink($otherSocket);",
                        "! test -S \"$otherSocket\""),
                new Attempt("it removes its own socket", NEIGHBOUR, "unlink($ownSocket);", "! test -S \"$ownSocket\""),
                new Attempt("it listens in the other's place", NEIGHBOUR, """
                        unlink($otherSocket);
                        stream_socket_server("unix://$otherSocket");""", replaced),
                new Attempt("it puts its own socket in the other's place", NEIGHBOUR, """
                        rename($ownSocket, $otherSocket);""", replaced),
                new Attempt(
                        "it opens the other's socket to everybody",
                        TWIN,
                        "chmod($otherSocket, 0666);",
                        "test \"$(stat --format %a \"$otherSocket\")\" = 666"),
                new Attempt(
                        "it opens its own socket to everybody",
                        NEIGHBOUR,
                        "chmod($ownSocket, 0666);",
                        "test \"$(stat --format %a \"$ownSocket\")\" = 666"),
                // T27
                new Attempt(
                        "it keeps its listening socket after its master's stop",
                        NEIGHBOUR,
                        "exec('sleep 3171 >/dev/null 2>&1 &');",
                        "systemctl stop \"$ownService\"; pid=$(pgrep --newest --full '[s]leep 3171')"
                                + " && ss --no-header --listening --unix --processes src \"$ownSocket\" | grep -q \"pid=$pid,\""));
    }

    private static List<Attempt> readings() {
        return List.of(
                reads("the other's configuration", "$otherConfig"),
                reads("the other's secrets", "$otherSecrets"),
                new Attempt(
                        "it lists the folder of the other's secrets",
                        NEIGHBOUR,
                        "echo implode(' ', scandir(dirname($otherSecrets)) ?: []);",
                        "grep -qF -- \"$(basename \"$otherSecrets\")\" <<<\"$said\""),
                reads("the other's access log", "\"$otherLogs/access.log\""),
                reads("the other's slow log", "\"$otherLogs/slow.log\""),
                new Attempt(
                        "it lists the other's logs",
                        NEIGHBOUR,
                        "echo implode(' ', scandir($otherLogs) ?: []);",
                        "grep -qF access.log <<<\"$said\""),
                reads("a file in the other's home that everybody may read", "\"$otherHome/secret.txt\""),
                reads("what the other has left in /tmp", "$otherTmp"),
                hashes("what the agent has been asked for", "agentState"),
                hashes("the agent's ledger", "agentLedger"),
                hashes("the agent's credential", "agentCredential"),
                new Attempt(
                        "it finds the other's scripts in OPcache",
                        TWIN,
                        "echo implode(' ', array_keys(opcache_get_status()['scripts'] ?? []));",
                        "grep -qF -- \"$otherScript\" <<<\"$said\""));
    }

    private static List<Attempt> changes() {
        return List.of(
                new Attempt(
                        "it plants a link among the other's logs",
                        NEIGHBOUR,
                        "symlink('/etc/passwd', \"$otherLogs/planted\");",
                        "test -L \"$otherLogs/planted\""),
                new Attempt(
                        "it plants a link among its own logs, where root rotates them",
                        NEIGHBOUR,
                        "symlink('/etc/passwd', \"$ownLogs/planted\");",
                        "test -L \"$ownLogs/planted\""),
                new Attempt(
                        "it moves the other's log away",
                        NEIGHBOUR,
                        "rename(\"$otherLogs/access.log\", \"$otherLogs/gone\");",
                        "! test -e \"$otherLogs/access.log\""),
                new Attempt(
                        "it writes the other's configuration",
                        NEIGHBOUR,
                        "file_put_contents($otherConfig, \"; planted\\n\", FILE_APPEND);",
                        "grep -q planted \"$otherConfig\""),
                new Attempt(
                        "it writes its own configuration",
                        NEIGHBOUR,
                        "file_put_contents($ownConfig, \"; planted\\n\", FILE_APPEND);",
                        "grep -q planted \"$ownConfig\""));
    }

    private static Attempt reads(String what, String path) {
        return new Attempt("it reads " + what, NEIGHBOUR, "echo file_get_contents(%s);".formatted(path), TOLD);
    }

    private static Attempt hashes(String what, String variable) {
        return new Attempt(
                "it reads " + what,
                NEIGHBOUR,
                "echo hash_file('sha256', $%s);".formatted(variable),
                "grep -qF -- \"$(sha256sum <\"$%s\" | cut -d ' ' -f 1)\" <<<\"$said\"".formatted(variable));
    }

    private static List<Attempt> processes() {
        return List.of(
                new Attempt(
                        "it reads the environment of a program that the other has started",
                        TWIN,
                        "echo file_get_contents(\"/proc/$otherProgram/environ\");",
                        TOLD),
                new Attempt(
                        "it reads the command line of the other's master",
                        NEIGHBOUR,
                        "echo file_get_contents(\"/proc/$otherMaster/cmdline\");",
                        "grep -qF php-fpm <<<\"$said\""),
                new Attempt(
                        "it reads a file through the other's master",
                        TWIN,
                        "echo file_get_contents(\"/proc/$otherMaster/root$otherHome/secret.txt\");",
                        TOLD),
                new Attempt("it reads the memory of the other's master", ROOT, """
                        $maps = (string) file_get_contents("/proc/$otherMaster/maps");
                        if (preg_match('/^([0-9a-f]+)-([0-9a-f]+) .*\\[heap\\]/m', $maps, $heap)) {
                            $memory = fopen("/proc/$otherMaster/mem", 'r');
                            fseek($memory, hexdec($heap[1]));
                            $bytes = stream_get_contents($memory, hexdec($heap[2]) - hexdec($heap[1]));
                            preg_match_all('/[ -~]{8,}/', $bytes, $texts);
                            echo implode("\\n", $texts[0]);
                        }""", TOLD),
                new Attempt(
                        "it kills the other's master",
                        TWIN,
                        "posix_kill((int) $otherMaster, 9);",
                        "timeout 1 tail --pid=\"$otherMaster\" --sleep-interval=0.1 --follow /dev/null"));
    }

    private static List<Attempt> limits() {
        return List.of(
                new Attempt(
                        "it raises its limit of memory by systemctl",
                        ROOT,
                        "echo shell_exec(\"systemctl set-property --runtime $ownService MemoryMax=infinity 2>&1\");",
                        "test \"$(systemctl show --value --property MemoryMax \"$ownService\")\" = infinity"),
                new Attempt(
                        "it raises its limit of processes over the bus",
                        ROOT,
                        "echo shell_exec(\"" + BUS
                                + " SetUnitProperties 'sba(sv)' $ownService true 1 TasksMax t 18446744073709551615 2>&1\");",
                        "test \"$(systemctl show --value --property TasksMax \"$ownService\")\" = infinity"),
                new Attempt(
                        "it raises its limit of open files",
                        NEIGHBOUR,
                        "posix_setrlimit(POSIX_RLIMIT_NOFILE, 5000, 5000); exec('sleep 3173 >/dev/null 2>&1 &');",
                        "pid=$(pgrep --newest --full '[s]leep 3173')"
                                + " && awk '/^Max open files/ {exit !($4 > 4096)}' /proc/$pid/limits"));
    }

    private static List<Attempt> cgroups() {
        return List.of(
                new Attempt(
                        "it raises its limit of processes in its cgroup",
                        ROOT,
                        """
                        foreach (file('/proc/self/cgroup', FILE_IGNORE_NEW_LINES) as $line) {
                            [, $controllers, $path] = explode(':', $line, 3);
                            $limit = '/sys/fs/cgroup/' . str_replace('name=', '', $controllers) . "$path/pids.max";
                            if (is_file($limit)) {
                                file_put_contents($limit, 'max');
                            }
                        }""",
                        "find /sys/fs/cgroup -path \"*/$ownService/pids.max\" -exec grep -lx max {} + | grep -q ."),
                new Attempt(
                        "it leaves its cgroups, and so all of its limits",
                        ROOT,
                        """
                        $pid = exec('sleep 3172 >/dev/null 2>&1 & echo $!');
                        foreach (file('/proc/self/cgroup', FILE_IGNORE_NEW_LINES) as $line) {
                            [, $controllers, $path] = explode(':', $line, 3);
                            do {
                                $path = dirname($path);
                                $folder = '/sys/fs/cgroup/' . str_replace('name=', '', $controllers) . $path;
                            } while (!file_put_contents("$folder/cgroup.procs", $pid) && $path !== '/');
                        }""",
                        "pid=$(pgrep --newest --full '[s]leep 3172')"
                                // where both versions of cgroups are there, the second bounds nothing
                                + " && line=$(grep ':pids:' /proc/$pid/cgroup || grep '^0:' /proc/$pid/cgroup)"
                                + " && ! grep -qF \"$ownService\" <<<\"$line\""));
    }

    private static List<Attempt> systemd() {
        String stopped =
                "for turn in 1 2 3 4 5; do systemctl is-active --quiet \"$otherSocketUnit\" || break; sleep 0.1; done;"
                        + " ! systemctl is-active --quiet \"$otherSocketUnit\"";
        return List.of(
                new Attempt(
                        "it stops the other's pool by systemctl",
                        ROOT,
                        "echo shell_exec(\"systemctl stop $otherService $otherSocketUnit 2>&1\");",
                        stopped),
                new Attempt(
                        "it stops the other's pool over the bus",
                        ROOT,
                        "echo shell_exec(\"" + BUS + " StopUnit ss $otherSocketUnit replace 2>&1\");",
                        stopped),
                new Attempt(
                        "it starts a program as the other by systemd-run",
                        ROOT,
                        "echo shell_exec(\"systemd-run --uid=$otherUser --pipe --wait --quiet cat $otherHome/secret.txt 2>&1\");",
                        TOLD),
                new Attempt(
                        "it finds the other's secrets in systemctl show",
                        NEIGHBOUR,
                        "echo shell_exec(\"systemctl show --all --no-pager $otherService 2>&1\");",
                        TOLD),
                new Attempt(
                        "it finds the other's secrets in its units",
                        NEIGHBOUR,
                        "echo shell_exec(\"systemctl cat --no-pager $otherService 2>&1\");",
                        TOLD),
                new Attempt(
                        "it finds in the journal what the other has said",
                        ROOT,
                        "echo shell_exec('journalctl --no-pager --lines 500 2>&1');",
                        TOLD));
    }
}
