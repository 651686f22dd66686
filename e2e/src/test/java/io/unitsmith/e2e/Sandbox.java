package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.api.v1alpha1.Hardening.Profile;
import io.unitsmith.testbed.ContainerHost;
import java.util.Map;

/** What there is on a host to be seen or not from a sandbox, and a pool that looks for it. */
final class Sandbox implements AutoCloseable {

    private static final Map<Profile, Allowed> DOCUMENTED = Map.of(
            Profile.NONE, new Allowed(true, true, true, true, true),
            Profile.STANDARD, new Allowed(true, false, false, false, true),
            Profile.STRICT, new Allowed(false, false, false, false, false));

    private final ContainerHost host;
    private final Pool pool;
    private final String phpVersion;

    private record Allowed(
            boolean writesAnywhere,
            boolean sharesTmp,
            boolean seesHomes,
            boolean seesProcesses,
            boolean runsSetgidPrograms) {}

    /** @param pool of a tenant who may write to /srv/sandbox/granted */
    Sandbox(ContainerHost host, Pool pool, String phpVersion) {
        this.host = host;
        this.pool = pool;
        this.phpVersion = phpVersion;
        host.sh("""
                install -d -o %1$s -g %1$s /srv/sandbox/granted /srv/sandbox/other
                touch /tmp/sandbox-marker
                install -g mail -m 2755 /usr/bin/id /usr/local/bin/sandbox-id""".formatted(pool.user())).output();
        Tenant.script(host, pool.user(), "sandbox.php", Resource.text("sandbox.php"));
    }

    // T24: NoNewPrivileges= takes setgid programs their group, so mail() stops working; T25: nothing may break PCRE and
    // OPcache
    void check(Profile profile) {
        JsonNode seen = look(profile);
        Allowed allowed = DOCUMENTED.get(profile);
        assertThat(seen.at("/writes/home").asBoolean()).as("writes home").isTrue();
        assertThat(seen.at("/writes/tmp").asBoolean()).as("writes /tmp").isTrue();
        assertThat(seen.at("/writes/granted").asBoolean())
                .as("writes what is granted")
                .isTrue();
        assertThat(seen.at("/writes/other").asBoolean()).as("writes elsewhere").isEqualTo(allowed.writesAnywhere());
        assertThat(seen.at("/sharesTmp").asBoolean()).as("the host's /tmp").isEqualTo(allowed.sharesTmp());
        assertThat(seen.at("/seesHomes").asBoolean()).as("other homes").isEqualTo(allowed.seesHomes());
        assertThat(seen.at("/seesProcesses").asBoolean()).as("other processes").isEqualTo(allowed.seesProcesses());
        assertThat(seen.at("/setgidProgram").asText())
                .as("the group of a setgid program")
                .isEqualTo(allowed.runsSetgidPrograms() ? "mail" : pool.user());
        assertThat(seen.at("/opcache").asBoolean()).as("OPcache works").isTrue();
        assertThat(seen.at("/warnings")).as("PHP's complaints").isEmpty();
        checkThatTheMasterLeavesNothing();
    }

    /** What cleans up after it has the sandbox's mounts. */
    private void checkThatTheMasterLeavesNothing() {
        assertThat(pool.look(host, "www-data").output()).contains(pool.instance());
        host.exec("systemctl", "stop", pool.service()).output();
        assertThat(pool.property(host, pool.service(), "Result")).isEqualTo("success");
        assertThat(host.exec("ls", "/run/unitsmith/status").output()).doesNotContain(pool.instance());
    }

    private JsonNode look(Profile profile) {
        pool.apply("""
                  hostNames: [%s]
                  phpVersion: "%s"
                  hardening: {profile: %s, readWritePaths: [/srv/sandbox/granted]}
                  monitoring: {statusPath: /status}
                """.formatted(host.name(), phpVersion, Serialization.asJson(profile)))
                .awaitReady();
        return Serialization.unmarshal(pool.visit(host, "sandbox.php"), JsonNode.class);
    }

    @Override
    public void close() {
        host.sh("rm -rf /srv/sandbox /tmp/sandbox-marker /usr/local/bin/sandbox-id");
    }
}
