package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.testbed.ContainerHost;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A pool of `every-field.yaml`, whose spec has all fields at once, and what comes of each on its host. */
final class EveryField {

    private static final Map<String, String> DIRECTIVES = Map.ofEntries(
            Map.entry("/processManager/type", "pm"),
            Map.entry("/processManager/maxChildren", "pm.max_children"),
            Map.entry("/processManager/startServers", "pm.start_servers"),
            Map.entry("/processManager/minSpareServers", "pm.min_spare_servers"),
            Map.entry("/processManager/maxSpareServers", "pm.max_spare_servers"),
            Map.entry("/processManager/maxRequests", "pm.max_requests"),
            Map.entry("/processManager/maxSpawnRate", "pm.max_spawn_rate"),
            Map.entry("/requestTerminateTimeout", "request_terminate_timeout"),
            Map.entry("/reload/gracePeriod", "process_control_timeout"),
            Map.entry("/slowlog/timeout", "request_slowlog_timeout"),
            Map.entry("/slowlog/traceDepth", "request_slowlog_trace_depth"),
            Map.entry("/accessLog/format", "access.format"),
            Map.entry("/accessLog/suppressPaths/0", "access.suppress_path[]"),
            Map.entry("/monitoring/statusPath", "pm.status_path"),
            Map.entry("/monitoring/pingPath", "ping.path"),
            Map.entry("/monitoring/pingResponse", "ping.response"),
            Map.entry("/chdir", "chdir"));

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("MemoryMax", "536870912"),
            Map.entry("MemoryHigh", "469762048"),
            Map.entry("CPUQuotaPerSecUSec", "2s"),
            Map.entry("CPUWeight", "50"),
            Map.entry("IOWeight", "200"),
            Map.entry("TasksMax", "300"),
            Map.entry("LimitNOFILE", "1000"),
            Map.entry("LimitCORE", "1024"),
            Map.entry("TimeoutStopUSec", "1min"),
            Map.entry("OOMPolicy", "continue"),
            Map.entry("UMask", "0077"),
            Map.entry("ProtectSystem", "strict"),
            Map.entry("NoNewPrivileges", "yes"));

    private final ContainerHost host;
    private final Pool pool;
    private final Inside inside;
    private final JsonNode spec;

    /** @param pool of a user in whose home there is `fields.php`, and whose Secret `variables` says TOKEN */
    EveryField(ContainerHost host, Pool pool) {
        this.host = host;
        this.pool = pool;
        this.inside = new Inside(host, pool);
        String text = Resource.text("every-field.yaml") + "  env: " + Serialization.asJson(Inside.NASTY) + "\n";
        this.spec = Serialization.unmarshal(text + "  user: " + pool.user(), JsonNode.class);
        assertThat(fields(PhpFpmPoolSpec.class, "").filter(field -> !field.startsWith("/hostSelector/")))
                .as("the fields of a spec, of which hostSelector and hostNames exclude each other")
                .contains("/hardening/umask")
                .allMatch(field -> !spec.at(field).isMissingNode());
        pool.apply(text).awaitReady();
    }

    private static Stream<String> fields(Class<?> record, String above) {
        return Arrays.stream(record.getRecordComponents())
                .flatMap(field -> field.getType().isRecord()
                        ? fields(field.getType(), above + "/" + field.getName())
                        : Stream.of(above + "/" + field.getName()));
    }

    void checkSocket() {
        assertThat(host.exec("stat", "--format", "%U:%G %a", pool.socket()).output())
                .isEqualTo("root:oldest-web 600");
        assertThat(host.exec("ss", "--no-header", "--listening", "--unix", "src", pool.socket())
                        .output())
                .as("the socket's backlog, after the connections that wait")
                .matches("u_str +LISTEN +0 +77 .*");
    }

    void checkWhatPhpSees(String token) {
        JsonNode php = inside.php();
        assertThat(text(php.path("env"))).containsAllEntriesOf(Inside.NASTY).containsEntry("TOKEN", token);
        assertThat(php.at("/env/INVOCATION_ID").asText("absent"))
                .as("a variable that systemd gives to every service")
                .isNotEqualTo("absent");
        Map<String, String> values = text(spec.path("phpValues"));
        values.putAll(text(spec.path("phpAdminValues")));
        values.remove("error_reporting");
        assertThat(text(php.path("ini")))
                .containsAllEntriesOf(values)
                .containsEntry("html_errors", "1")
                .containsEntry("log_errors", "1")
                .containsEntry("open_basedir", "/home/oldest-fay:/tmp:/srv/oldest");
        assertThat(List.of(
                        php.at("/ini/display_errors").asText(),
                        php.at("/ini/implicit_flush").asText()))
                .isSubsetOf("", "0");
        assertThat(php.at("/errors").asInt()).as("E_ALL & ~E_DEPRECATED").isEqualTo(32767 & ~8192);
        assertThat(php.at("/changeable/memory_limit").asBoolean()).isFalse();
        assertThat(php.at("/changeable/user_agent").asBoolean()).isTrue();
        assertThat(Stream.of("/user", "/group", "/folder", "/umask", "/limits/hard openfiles", "/limits/hard core")
                        .map(field -> php.at(field).asText()))
                .containsExactly(
                        pool.user(),
                        spec.at("/group").asText(),
                        spec.at("/chdir").asText(),
                        Integer.toString(0077),
                        spec.at("/rlimitFiles").asText(),
                        spec.at("/rlimitCore").asText());
    }

    private static Map<String, String> text(JsonNode object) {
        Map<String, String> text = new LinkedHashMap<>();
        object.properties()
                .forEach(field -> text.put(field.getKey(), field.getValue().asText()));
        return text;
    }

    void checkSettings() {
        List<String> settings = inside.settings()
                .lines()
                .map(line -> line.replaceFirst("^.*?NOTICE[]:]\\s*", "").replaceFirst("(= \\d+)s$", "$1"))
                .toList();
        assertThat(settings)
                .containsAll(DIRECTIVES.entrySet().stream()
                        .map(directive -> directive.getValue() + " = "
                                + spec.at(directive.getKey()).asText().replaceFirst("^(\\d+)s$", "$1"))
                        .toList())
                .contains(
                        "catch_workers_output = yes",
                        "decorate_workers_output = no",
                        "clear_env = no",
                        "security.limit_extensions = .php .phtml",
                        "pm.status_listen = " + pool.statusSocket());
    }

    void checkService() {
        PROPERTIES.forEach((property, value) -> assertThat(pool.property(host, pool.service(), property))
                .as(property)
                .isEqualTo(value));
    }

    void checkPages() {
        assertThat(Pool.ask(host, "root", pool.socket(), "/ping").output()).endsWith("it is alive");
        assertThat(pool.look(host, "root").output()).contains("pool:                 " + pool.instance());
    }

    void checkScripts() {
        script("page.phtml", "<?php echo 'phtml runs';");
        script("page.inc", "<?php echo 'inc runs';");
        script("read.php", "<?php echo file_get_contents('/srv/oldest/files/hello.txt');");
        script("loud.php", "<?php file_put_contents('php://stderr', \"to the journal\\n\");");
        assertThat(inside.ask("page.phtml")).contains("phtml runs");
        assertThat(inside.ask("page.inc")).contains("Access denied").doesNotContain("inc runs");
        assertThat(inside.ask("read.php")).endsWith("this file is on the file server\n");
        inside.ask("loud.php");
        until(
                "the journal has what PHP wrote, undecorated",
                Duration.ofSeconds(10),
                () -> host.journal(pool.service()).lines().anyMatch(line -> line.endsWith("]: to the journal")),
                () -> host.journal(pool.service()));
        assertThat(new PoolLog(host, pool).text("access.log").lines()).contains("line GET 200", "line GET 403");
    }

    private void script(String name, String php) {
        Tenant.script(host, pool.user(), name, php);
    }
}
