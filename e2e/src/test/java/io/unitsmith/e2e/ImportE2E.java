package io.unitsmith.e2e;

import static io.unitsmith.e2e.ImportCase.PLAIN;
import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.e2e.ImportCase.Pool;
import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What `unitsmith import` writes does what the original files do: pools of PHP-FPM give the same to PHP, mounts are mounted. */
@EndToEnd
@BesideTheOthers
class ImportE2E {

    private static final Readme PAGE = Readme.page(Path.of("../docs/migrating.md"));

    private static final String WRITE = """
            foreach (json_decode(stream_get_contents(STDIN), true) as $path => $content) {
                is_dir(dirname($path)) or mkdir(dirname($path), 0755, true) or exit(1);
                file_put_contents($path, $content) === strlen($content) or exit(1);
            }
            """;

    /** Starts and stops one service after another, and asks the pools of each. Lines: service, program, socket, script. */
    private static final String ASK = """
            stop() { [ -z "$running" ] || systemctl stop "$running"; }
            while IFS="$(printf '\\t')" read -r service program socket script; do
                if [ "$service" != "$running" ]; then
                    stop
                    running=$service
                    [ "$program" = - ] || systemd-run --quiet --collect --unit "$service" --service-type notify \\
                        "$program" --nodaemonize --fpm-config "%s/$service/main.conf" </dev/null \\
                        || journalctl --no-pager --unit "$service" >&2
                fi
                printf '%%s\\n' "$(env -i REQUEST_METHOD=GET SCRIPT_FILENAME="$script" \\
                    timeout 30 /usr/bin/cgi-fcgi -bind -connect "$socket" </dev/null | tail -n 1)"
            done
            stop
            """.formatted(PLAIN);

    /** What systemd gives to one of the two services and not to the other, or with another value: pool users, its own pipes. */
    private static final Set<String> OF_SYSTEMD = Set.of(
            "FPM_SOCKETS",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "LISTEN_FDNAMES",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LOGNAME",
            "MEMORY_PRESSURE_WATCH",
            "MEMORY_PRESSURE_WRITE",
            "NOTIFY_SOCKET",
            "SHELL",
            "SYSTEMD_EXEC_PID");

    /** Settings and variables that are left out on purpose: native code, what only the master's environment has, no names. */
    private static final Pattern LEFT_OUT = Pattern.compile(
            "(env|php_\\w+)\\[([^]]*)] = .*: dropped: (pools cannot set it|it is what .* of the master|it is no name)");

    private final ContainerHost host;

    ImportE2E(Run run) {
        this.host = ContainerHost.standalone(run, "import", "trixie");
    }

    @AfterAll
    void cleanUp() {
        host.remove();
    }

    @Test
    void everyImportedPoolGivesToPhpWhatTheOriginalGivesToItUnderPlainPhpFpm() {
        List<ImportCase> cases = ImportCase.all();
        List<Pool> pools = cases.stream().flatMap(one -> one.pools().stream()).toList();
        assertThat(cases).hasSizeGreaterThanOrEqualTo(40);
        prepare(cases, pools);

        List<JsonNode> plain = ask(pools.stream()
                .map(pool -> line(pool.master(), pool.program(), pool.originalSocket(), pool.script()))
                .toList());
        host.execWithInput(
                        cases.stream().map(ImportCase::manifests).collect(Collectors.joining("---\n")),
                        "unitsmith",
                        "apply",
                        "-f",
                        "-")
                .output();
        List<JsonNode> imported = ask(pools.stream()
                .map(pool -> line(pool.service(), "-", pool.socket(), pool.script()))
                .toList());

        int settings = 0;
        for (int i = 0; i < pools.size(); i++) {
            settings += compare(pools.get(i), plain.get(i), imported.get(i));
        }
        assertThat(settings).isGreaterThan(100 * pools.size());
        System.out.printf(
                "• %d cases, %d imported pools: %d settings and variables as in the original under plain php-fpm%n",
                cases.size(), pools.size(), settings);
    }

    /** Users, folders, the script, and the original files with sockets and logs elsewhere. */
    private void prepare(List<ImportCase> cases, List<Pool> pools) {
        Map<String, String> files = new TreeMap<>();
        cases.forEach(one -> files.putAll(one.originals()));
        pools.forEach(pool -> files.put(pool.script(), Resource.text("import.php")));
        String users = pools.stream()
                .map(pool -> "add %s %s\n".formatted(pool.user(), pool.group()))
                .distinct()
                .collect(Collectors.joining());
        host.sh("""
                add() {
                    getent group "$2" >/dev/null || [ "$1" = "$2" ] || groupadd "$2"
                    id "$1" >/dev/null 2>&1 || useradd --create-home $([ "$1" = "$2" ] || echo "--gid $2") "$1"
                }
                """ + users).output();
        host.execWithInput(Serialization.asJson(files), "php", "-r", WRITE).output();
    }

    private static String line(String service, String program, String socket, String script) {
        return String.join("\t", service, program, socket, script) + "\n";
    }

    private List<JsonNode> ask(List<String> lines) {
        List<String> answers = host.execWithInput(String.join("", lines), "sh", "-c", ASK)
                .output()
                .lines()
                .toList();
        assertThat(answers).hasSameSizeAs(lines);
        List<JsonNode> php = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i)).as(lines.get(i)).startsWith("{");
            php.add(Serialization.unmarshal(answers.get(i), JsonNode.class));
        }
        return php;
    }

    /** Returns how much was compared. */
    private static int compare(Pool pool, JsonNode plain, JsonNode imported) {
        Map<String, String> expected = seen(pool, plain);
        assertThat(seen(pool, imported)).as(pool.toString()).isEqualTo(expected);
        return expected.size();
    }

    private static Map<String, String> seen(Pool pool, JsonNode php) {
        Map<String, String> seen = new LinkedHashMap<>();
        php.path("ini")
                .properties()
                .forEach(one -> seen.put("ini " + one.getKey(), one.getValue().toString()));
        php.path("env")
                .properties()
                .forEach(one -> seen.put("env " + one.getKey(), one.getValue().asText()));
        OF_SYSTEMD.forEach(name -> seen.remove("env " + name));
        for (String note : pool.notes()) {
            var leftOut = LEFT_OUT.matcher(note);
            if (leftOut.find()) {
                seen.remove((leftOut.group(1).equals("env") ? "env " : "ini ") + leftOut.group(2));
            }
        }
        return seen;
    }

    @Test
    void thePagesPathWorksForOneWhoMoves() {
        Map<String, String> files = Map.of(
                "/etc/php/8.4/fpm/pool.d/shop.conf",
                PAGE.blocks("ini").getFirst(),
                "/etc/nginx/conf.d/shop.conf",
                Readme.whole()
                        .section(Readme.ONE_HOST)
                        .blocks("nginx")
                        .getFirst()
                        .replace("unix:/run/unitsmith/fpm/default.shop.sock", "unix:/run/php/shop.sock"));
        host.execWithInput(Serialization.asJson(files), "php", "-r", WRITE).output();
        host.sh("systemctl restart php8.4-fpm && systemctl reload nginx").output();
        assertThat(host.sh("curl --silent --fail http://localhost:8080/index.php")
                        .output())
                .as("before")
                .startsWith("hello from alice");

        Readme.assertSays(host, String.join("", PAGE.blocks("console")));
        assertThat(host.exec("cat", "/root/shop.yaml").output())
                .isEqualTo(PAGE.blocks("yaml").getFirst().strip());
        until(
                "the old socket is gone",
                Duration.ofSeconds(30),
                () -> !host.exec("test", "-e", "/run/php/shop.sock").succeeded(),
                () -> host.journal("php8.4-fpm"));
    }

    /** The pair is as the recipe has it: for the quotes, systemd never unmounts. */
    @Test
    void importedMountsAreMountedAndThoseOfTheRecipeAreUnmountedAtLast() {
        serveItself();
        host.sh("""
                cd /etc/systemd/system
                cat >srv-pair.mount <<END
                [Mount]
                What=files@localhost:/srv/exported
                Where=/srv/pair
                Type=fuse.sshfs
                Options=IdentityFile=/root/key,UserKnownHostsFile=/root/hosts
                END
                cat >srv-pair.automount <<END
                [Automount]
                Where=/srv/pair
                TimeoutIdleSec="4s"
                [Install]
                WantedBy=multi-user.target
                END
                systemctl daemon-reload && systemctl enable --quiet --now srv-pair.automount
                echo 'files@localhost:/srv/exported /srv/line fuse.sshfs IdentityFile=/root/key,UserKnownHostsFile=/root/hosts,x-systemd.automount' >/root/fstab
                """).output();
        assertThat(host.exec("systemctl", "show", "--value", "-p", "TimeoutIdleUSec", "srv-pair.automount")
                        .output())
                .as("of the recipe")
                .isEqualTo("0");

        host.sh("""
                set -e
                unitsmith import automount /etc/systemd/system/srv-pair.automount >/root/mounts.yaml
                echo --- >>/root/mounts.yaml
                unitsmith import fstab /root/fstab >>/root/mounts.yaml
                unitsmith apply -f /root/mounts.yaml
                """).output();
        for (String path : List.of("/srv/pair", "/srv/line")) {
            assertThat(host.exec("cat", path + "/hello.txt").output()).isEqualTo("from the server");
            assertThat(Mount.mountinfo(host, path)).contains("fuse.sshfs", "nosuid", "nodev");
        }
        until(
                "what the recipe never unmounted is unmounted",
                Duration.ofSeconds(30),
                () -> !Mount.mountinfo(host, "/srv/pair").contains("fuse.sshfs"),
                () -> host.exec("systemctl", "status", "srv-pair.automount").toString());
        assertThat(Mount.mountinfo(host, "/srv/line"))
                .as("without an idle time")
                .contains("fuse.sshfs");
    }

    private void serveItself() {
        host.sh("""
                set -e
                useradd --create-home files
                install -d -o files /srv/exported
                echo 'from the server' >/srv/exported/hello.txt
                ssh-keygen -q -t ed25519 -N '' -f /root/key
                install -d -o files -m 0700 /home/files/.ssh
                install -o files -m 0600 /root/key.pub /home/files/.ssh/authorized_keys
                echo "localhost $(cat /etc/ssh/ssh_host_ed25519_key.pub)" >/root/hosts
                systemctl start ssh
                """).output();
    }
}
