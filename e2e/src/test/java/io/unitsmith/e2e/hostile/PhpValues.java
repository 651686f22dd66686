package io.unitsmith.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.agent.workload.Rendering;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A pool with hostile values that were not refused, and what a script in it gets to see of them. */
record PhpValues(HostileWorkload pool, String chdir, Map<String, String> environment, Map<String, String> settings) {

    /** Settings that PHP takes any text for, and gives back as it was. */
    private static final List<String> SETTINGS = List.of(
            "user_agent",
            "from",
            "error_prepend_string",
            "error_append_string",
            "docref_root",
            "docref_ext",
            "unserialize_callback_func",
            "highlight.comment",
            "highlight.default",
            "highlight.html",
            "highlight.keyword",
            "highlight.string");

    private static final int VARIABLES = 38;
    private static final int PER_POOL = SETTINGS.size() + VARIABLES;

    private static final String SCRIPT = "/home/alice/www/hostile.php";
    private static final String ASK = """
            <?php
            $env = [];
            foreach (getenv() as $key => $value) {
                if (str_starts_with($key, "HOSTILE_")) $env[$key] = base64_encode($value);
            }
            $ini = [];
            foreach (SETTINGS as $key) $ini[$key] = base64_encode(ini_get($key));
            echo getmypid(), " ", json_encode(["env" => (object) $env, "ini" => (object) $ini]);
            """;
    /** The folder of the process: PHP itself goes to that of the script while it runs. */
    private static final String ASK_ALL = """
            while read -r socket; do
                answer=$(env -i PATH="$PATH" REQUEST_METHOD=GET SCRIPT_FILENAME=%s timeout 30 cgi-fcgi -bind -connect "$socket" | tail -n 1)
                printf '%%s %%s\\n' "$(readlink -n "/proc/${answer%%%% *}/cwd" | base64 -w 0)" "${answer#* }"
            done
            """.formatted(SCRIPT);

    /** Pools with so many values less those that are refused: each is tried by itself first. */
    static List<PhpValues> pools(long seed, int count) {
        List<PhpValues> pools = new ArrayList<>();
        for (int from = 0; from < count; from += PER_POOL) {
            Map<String, String> environment = new TreeMap<>();
            Map<String, String> secrets = new TreeMap<>();
            Map<String, String> settings = new TreeMap<>();
            for (int i = from; i < Math.min(from + PER_POOL, count); i++) {
                HostileText hostile = new HostileText(seed, 1_000_000 + i);
                String value = hostile.oneIn(30) ? "" : hostile.text();
                int place = i - from;
                boolean variable = place < VARIABLES;
                String key = variable ? "HOSTILE_" + place : SETTINGS.get(place - VARIABLES);
                if (variable && place % 3 == 0 && isText(value)) {
                    if (isAccepted("envFrom", HostileWorkload.pool(i, Map.of(), bytes(Map.of(key, value))))) {
                        secrets.put(key, value);
                    }
                } else {
                    String field = variable ? "env" : "phpValues";
                    if (isAccepted(field, HostileWorkload.pool(i, Map.of(field, Map.of(key, value)), Map.of()))) {
                        (variable ? environment : settings).put(key, value);
                    }
                }
            }
            pools.add(pool(seed, from / PER_POOL, environment, secrets, settings));
        }
        return pools;
    }

    /** Half of a character is none in a Secret, whose values are bytes. */
    private static boolean isText(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(value);
    }

    private static Map<String, byte[]> bytes(Map<String, String> values) {
        Map<String, byte[]> bytes = new TreeMap<>();
        values.forEach((key, value) -> bytes.put(key, value.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }

    private static boolean isAccepted(String field, HostileWorkload pool) {
        if (pool.rendering().isEmpty()) {
            assertThat(pool.problems())
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.field()).startsWith("spec." + field));
        }
        return pool.rendering().isPresent();
    }

    private static PhpValues pool(
            long seed,
            int number,
            Map<String, String> environment,
            Map<String, String> secrets,
            Map<String, String> settings) {
        HostileText hostile = new HostileText(seed, 2_000_000 + number);
        String chdir = "/home/www" + number;
        for (int tries = 0; tries < 20; tries++) {
            String next = "/home/www" + number + "/" + hostile.text();
            if (HostileWorkload.pool(number, Map.of("chdir", next), Map.of())
                    .rendering()
                    .isPresent()) {
                chdir = next;
                break;
            }
        }
        String kind = number % 2 == 0 ? "phpValues" : "phpAdminValues";
        HostileWorkload pool = HostileWorkload.pool(
                number, Map.of("env", environment, kind, settings, "chdir", chdir), bytes(secrets));
        Map<String, String> seen = new TreeMap<>(environment);
        seen.putAll(secrets);
        return new PhpValues(pool, chdir, seen, settings);
    }

    /** Starts these pools, and compares what a script in each of them sees. Returns how many values that were. */
    static int check(HostileHost host, List<PhpValues> pools) {
        Map<PhpValues, Rendering> renderings = new LinkedHashMap<>();
        pools.forEach(one -> {
            Optional<Rendering> rendering = one.pool().rendering();
            assertThat(rendering).as("%s", one.pool().problems()).isPresent();
            renderings.put(one, rendering.get());
        });
        host.write(renderings.values());
        host.makeFolders(pools.stream().map(PhpValues::chdir).toList());
        host.host()
                .execWithInput(ASK.replace("SETTINGS", Serialization.asJson(SETTINGS)), "tee", SCRIPT)
                .output();
        host.host()
                .sh("mkdir -p /run/unitsmith/fpm; chmod -R a+rX /etc/unitsmith; systemctl daemon-reload")
                .output();
        List<String> start = new ArrayList<>(List.of("systemctl", "start"));
        renderings.values().forEach(rendering -> start.add(rendering.trigger()));
        host.host().exec(start.toArray(String[]::new)).output();

        String sockets = String.join(
                "",
                pools.stream()
                        .map(one -> "/run/unitsmith/fpm/" + HostileInputE2E.instance(one.pool()) + ".sock\n")
                        .toList());
        List<String> answers = host.host()
                .execWithInput(sockets, "sh", "-c", ASK_ALL)
                .output()
                .lines()
                .toList();
        assertThat(answers).as("answers").hasSize(pools.size());
        int values = 0;
        for (int i = 0; i < pools.size(); i++) {
            pools.get(i).compare(answers.get(i), host);
            values +=
                    pools.get(i).environment().size() + pools.get(i).settings().size();
        }
        List<String> stop = new ArrayList<>(List.of("systemctl", "stop"));
        renderings.values().forEach(rendering -> stop.addAll(List.of(rendering.payload(), rendering.trigger())));
        host.host().exec(stop.toArray(String[]::new)).output();
        return values;
    }

    private void compare(String answer, HostileHost host) {
        assertThat(answer)
                .as(() -> host.host().journal(pool.rendering().get().payload()))
                .contains(" {");
        int space = answer.indexOf(' ');
        JsonNode php = Serialization.unmarshal(answer.substring(space), JsonNode.class);
        assertThat(HostileHost.decode(answer.substring(0, space)))
                .as("the folder of pool %d", pool.index())
                .isEqualTo(chdir);
        assertThat(decode(php.path("env")))
                .as("variables of pool %d", pool.index())
                .isEqualTo(environment);
        Map<String, String> seen = decode(php.path("ini"));
        seen.keySet().retainAll(settings.keySet());
        assertThat(seen).as("settings of pool %d", pool.index()).isEqualTo(settings);
    }

    private static Map<String, String> decode(JsonNode values) {
        Map<String, String> decoded = new TreeMap<>();
        values.properties()
                .forEach(value -> decoded.put(
                        value.getKey(), HostileHost.decode(value.getValue().asText())));
        return decoded;
    }
}
