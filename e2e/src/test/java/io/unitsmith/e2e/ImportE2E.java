package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A pool moves from plain PHP-FPM to Unitsmith as docs/migrating.md tells it. */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT) // it has a host of its own, outside of the cluster
class ImportE2E {

    private static final Readme PAGE = Readme.page(Path.of("../docs/migrating.md"));
    private static final String WRITE = """
            foreach (json_decode(stream_get_contents(STDIN), true) as $path => $content) {
                is_dir(dirname($path)) or mkdir(dirname($path), 0755, true) or exit(1);
                file_put_contents($path, $content) === strlen($content) or exit(1);
            }
            """;

    private final ContainerHost host;

    ImportE2E(Run run) {
        this.host = ContainerHost.standalone(run, "import", "trixie");
    }

    @AfterAll
    void cleanUp() {
        host.remove();
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

        StringBuilder said = new StringBuilder();
        String shown = String.join("", PAGE.blocks("console"));
        shown.lines().filter(line -> line.startsWith("$ ")).forEach(line -> {
            said.append(line).append('\n');
            said.append(host.sh("cd /root && " + line.substring(2)).output().strip())
                    .append('\n');
        });
        assertThat(comparable(said.toString())).isEqualTo(comparable(shown));
        assertThat(host.exec("cat", "/root/shop.yaml").output())
                .isEqualTo(PAGE.blocks("yaml").getFirst().strip());
        until(
                "the old socket is gone",
                Duration.ofSeconds(30),
                () -> !host.exec("test", "-e", "/run/php/shop.sock").succeeded(),
                () -> host.journal("php8.4-fpm"));
    }

    private static List<String> comparable(String text) {
        return text.lines()
                .map(line -> line.strip().replaceAll("PHP (\\d+\\.\\d+)\\.\\d+", "PHP $1"))
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
