package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of a PhpFpmPool takes effect, and every value arrives in PHP as it was written. */
@EndToEnd
class PoolFieldsE2E {

    private static final String USER = "fields-ann";

    private final ContainerHost host;
    private final Tenant tenant;

    PoolFieldsE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "fields", USER);
        tenant.allow("""
                  users: [%s]
                  groups: [fields-group]
                  socketGroups: [www-data, fields-web]
                  paths: [/home]
                """.formatted(USER));
        host.sh("groupadd -f fields-group; groupadd -f fields-web").output();
        tenant.script(USER, "fields.php", Resource.text("fields.php"));
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        host.sh("groupdel fields-group; groupdel fields-web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.4", "8.2"})
    void everyValueArrivesInPhpAsItWasWritten(String version) {
        Map<String, String> environment = new LinkedHashMap<>(Inside.NASTY);
        // an empty one cannot be said in PHP-FPM's configuration
        environment.put("PHP_OS", "a key that is a constant");
        environment.put("TRUE", "another");
        Pool pool = tenant.pool("values", USER);
        pool.apply("""
                  hostNames: [web-1]
                  phpVersion: "%s"
                  env: %s
                  phpValues: {error_reporting: E_ALL & ~E_DEPRECATED, user_agent: PHP_OS, error_prepend_string: %s}
                  phpAdminValues: {memory_limit: 96M, error_append_string: %s}
                  phpFlags: {display_errors: false, html_errors: true}
                  phpAdminFlags: {log_errors: true, implicit_flush: false}
                """.formatted(
                        version,
                        Serialization.asJson(environment),
                        Serialization.asJson("it's \"both\"; a=b \\ 100% $x"),
                        Serialization.asJson("a&b|c^d~(e)!")));
        pool.awaitReady();

        JsonNode php = fields(pool);
        assertThat(environment.keySet().stream()
                        .collect(Collectors.toMap(
                                key -> key, key -> php.at("/env/" + key).asText("absent"))))
                .isEqualTo(environment);
        assertThat(php.at("/errors").asInt())
                .as("error_reporting: E_ALL & ~E_DEPRECATED of PHP " + version)
                .isEqualTo((version.equals("8.2") ? 32767 : 30719) & ~8192);
        assertThat(php.at("/ini/user_agent").asText()).isEqualTo("PHP_OS");
        assertThat(php.at("/ini/error_prepend_string").asText()).isEqualTo("it's \"both\"; a=b \\ 100% $x");
        assertThat(php.at("/ini/error_append_string").asText()).isEqualTo("a&b|c^d~(e)!");
        assertThat(php.at("/ini/memory_limit").asText()).isEqualTo("96M");
        assertThat(php.at("/changeable/memory_limit").asBoolean())
                .as("an admin's value can be changed by a script")
                .isFalse();
        assertThat(php.at("/changeable/user_agent").asBoolean())
                .as("a tenant's value can be changed by a script")
                .isTrue();
        assertThat(php.at("/ini/display_errors").asText()).isIn("", "0");
        assertThat(php.at("/ini/html_errors").asText()).isEqualTo("1");
        assertThat(php.at("/ini/log_errors").asText()).isEqualTo("1");
        assertThat(php.at("/ini/implicit_flush").asText()).isIn("", "0");
        pool.apply("  hostNames: [web-1]\n  phpVersion: \"%s\"\n".formatted(version))
                .awaitReady();
        assertThat(fields(pool).at("/env/TRUE").asText("absent"))
                .as("a variable that is no longer in the spec")
                .isEqualTo("absent");
    }

    @Test
    void groupAndModeOfASocketAreChangedWhileItListens() {
        String spec = "  hostNames: [web-1]\n  phpVersion: \"8.4\"\n  socket: {group: %s, mode: \"%s\"}\n";
        Pool pool = tenant.pool("access", USER)
                .apply(spec.formatted("www-data", "0660"))
                .awaitReady();
        pool.visit(host);
        String listening = since(pool.socketUnit());
        String serving = since(pool.service());
        for (String[] access : new String[][] {{"fields-web", "0600"}, {"www-data", "0640"}, {"fields-web", "0660"}}) {
            pool.apply(spec.formatted(access[0], access[1])).awaitReady();
            assertThat(host.exec("stat", "--format", "%U:%G 0%a", pool.socket()).output())
                    .isEqualTo("root:" + access[0] + " " + access[1]);
        }
        assertThat(since(pool.socketUnit())).as("when the socket was made").isEqualTo(listening);
        assertThat(since(pool.service())).as("when the master began").isEqualTo(serving);
    }

    private String since(String unit) {
        return host.exec("systemctl", "show", "--value", "-p", "ActiveEnterTimestampMonotonic", unit)
                .output();
    }

    @Test
    void groupFolderExtensionsAndSocketAreAsTheSpecSays() {
        Pool pool = tenant.pool("ways", USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  group: fields-group
                  socket: {group: fields-web, mode: "0600", backlog: 77}
                  limitExtensions: [.php, .phtml]
                  chdir: /home/fields-ann/www
                """).awaitReady();
        assertThat(host.exec("stat", "--format", "%U:%G %a", pool.socket()).output())
                .isEqualTo("root:fields-web 600");
        assertThat(host.exec("ss", "--no-header", "--listening", "--unix", "src", pool.socket())
                        .output())
                .as("the socket's backlog, after the connections that wait")
                .matches("u_str +LISTEN +0 +77 .*");

        JsonNode php = fields(pool);
        assertThat(php.at("/user").asText()).isEqualTo(USER);
        assertThat(php.at("/group").asText()).isEqualTo("fields-group");
        assertThat(php.at("/folder").asText()).isEqualTo("/home/fields-ann/www");
        tenant.script(USER, "page.phtml", "<?php echo 'phtml runs';");
        tenant.script(USER, "page.inc", "<?php echo 'inc runs';");
        assertThat(ask(pool, "page.phtml")).contains("phtml runs");
        assertThat(ask(pool, "page.inc")).contains("Access denied").doesNotContain("inc runs");
    }

    @Test
    void aDynamicPoolHasTheProcessesThatTheSpecSays() {
        Pool pool = tenant.pool("dynamic", USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  processManager:
                    {type: dynamic, maxChildren: 7, startServers: 3, minSpareServers: 2, maxSpareServers: 4, maxRequests: 2, maxSpawnRate: 6}
                """).awaitReady();
        assertThat(effective(pool))
                .contains(
                        "pm = dynamic",
                        "pm.max_children = 7",
                        "pm.start_servers = 3",
                        "pm.min_spare_servers = 2",
                        "pm.max_spare_servers = 4",
                        "pm.max_requests = 2",
                        "pm.max_spawn_rate = 6");
        pool.visit(host);
        until(
                "there are as many processes as the spec says",
                Duration.ofSeconds(10),
                () -> workers(pool) == 3,
                () -> pool.processes(host).toString());
    }

    @Test
    void anOndemandPoolEndsItsIdleProcessesAndAStaticOneKeepsThem() {
        Pool ondemand = tenant.pool("ondemand", USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.2"
                  processManager: {type: ondemand, maxChildren: 3, idleTimeout: 1s, maxRequests: 0}
                """).awaitReady();
        assertThat(effective(ondemand))
                .contains("pm = ondemand", "pm.max_children = 3", "pm.process_idle_timeout = 1", "pm.max_requests = 0");
        ondemand.visit(host);
        until(
                "the idle process has ended, the master has not",
                Duration.ofSeconds(10),
                () -> workers(ondemand) == 0 && ondemand.masterPid(host) != 0,
                () -> ondemand.processes(host).toString());

        Pool constant = tenant.pool("static", USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.2"
                  processManager: {type: static, maxChildren: 2}
                """).awaitReady();
        constant.visit(host);
        until(
                "there are as many processes as the spec says",
                Duration.ofSeconds(10),
                () -> workers(constant) == 2,
                () -> constant.processes(host).toString());
    }

    @Test
    void aRequestThatRunsTooLongIsEnded() {
        Pool pool = tenant.pool("impatient", USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  requestTerminateTimeout: 1s
                """).awaitReady();
        tenant.script(USER, "long.php", "<?php sleep(30); echo 'ended by itself';");
        long start = System.nanoTime();
        assertThat(ask(pool, "long.php")).doesNotContain("ended by itself");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(pool.visit(host)).as("the next request").startsWith("hello from");
    }

    @Test
    void limitsAreThoseOfTheService() {
        Pool pool = tenant.pool("limits", USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.2"
                  reload: {gracePeriod: 90s}
                  rlimitFiles: 1000
                  rlimitCore: "1024"
                  resources: {memoryMax: 512Mi, memoryHigh: 448Mi, cpuQuota: "200%", cpuWeight: 50, ioWeight: 200, tasksMax: 300}
                  hardening: {umask: "0077"}
                """).awaitReady();
        Map.of(
                        "MemoryMax", "536870912",
                        "MemoryHigh", "469762048",
                        "CPUQuotaPerSecUSec", "2s",
                        "CPUWeight", "50",
                        "IOWeight", "200",
                        "TasksMax", "300",
                        "TimeoutStopUSec", "1min 45s",
                        "OOMPolicy", "continue")
                .forEach((property, value) -> assertThat(pool.property(host, pool.service(), property))
                        .as(property)
                        .isEqualTo(value));
        assertThat(effective(pool)).contains("process_control_timeout = 90");

        JsonNode php = fields(pool);
        assertThat(php.at("/limits/hard openfiles").asText()).isEqualTo("1000");
        assertThat(php.at("/limits/hard core").asText()).isEqualTo("1024");
        assertThat(php.at("/umask").asInt()).isEqualTo(0077);
    }

    @Test
    void whatPhpWritesGoesToTheJournalAndTheWholeEnvironmentToPhpIfTheSpecSaysSo() {
        tenant.script(USER, "loud.php", "<?php file_put_contents('php://stderr', \"to the journal\\n\");");
        Pool pool = tenant.pool("loud", USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  catchWorkersOutput: true
                  decorateWorkersOutput: false
                  clearEnv: false
                """).awaitReady();
        assertThat(fields(pool).at("/env/INVOCATION_ID").asText("absent"))
                .as("a variable that systemd gives to every service")
                .isNotEqualTo("absent");
        pool.visit(host, "loud.php");
        until(
                "the journal has what PHP wrote",
                Duration.ofSeconds(10),
                () -> host.journal(pool.service()).lines().anyMatch(line -> line.endsWith("to the journal")),
                () -> host.journal(pool.service()));
    }

    private Inside inside(Pool pool) {
        return new Inside(host, pool);
    }

    private JsonNode fields(Pool pool) {
        return inside(pool).php();
    }

    private String ask(Pool pool, String script) {
        return inside(pool).ask(script);
    }

    private String effective(Pool pool) {
        return inside(pool).settings();
    }

    private int workers(Pool pool) {
        return inside(pool).workers();
    }
}
