package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sandbox profiles: each forbids what its documentation says, and breaks no more than that. */
@EndToEnd
class SandboxE2E {

    private static final String USER = "sandbox-ann";

    private final ContainerHost host;
    private final Tenant tenant;

    SandboxE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "sandbox", USER);
        tenant.allow("""
                  users: [%s]
                  socketGroups: [www-data]
                  paths: [/home/sandbox-ann, /srv/sandbox/granted]
                  hardeningProfiles: [none, standard, strict]
                """.formatted(USER));
        host.sh("""
                install -d -o %1$s -g %1$s /srv/sandbox/granted /srv/sandbox/other
                touch /tmp/sandbox-marker
                install -g mail -m 2755 /usr/bin/id /usr/local/bin/sandbox-id""".formatted(USER)).output();
        tenant.script(USER, "sandbox.php", Resource.text("sandbox.php"));
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        host.sh("rm -rf /srv/sandbox /tmp/sandbox-marker /usr/local/bin/sandbox-id");
    }

    // T24: NoNewPrivileges= takes setgid programs their group, so mail() stops working; T25: nothing may break PCRE and
    // OPcache
    @ParameterizedTest
    @CsvSource({
        "none,     true,  true,  true,  true,  mail",
        "standard, true,  false, false, false, mail",
        "strict,   false, false, false, false, sandbox-ann",
    })
    void aProfileForbidsWhatItSaysAndBreaksNothingElse(
            String profile,
            boolean writesAnywhere,
            boolean sharesTmp,
            boolean seesHomes,
            boolean seesProcesses,
            String setgid) {
        JsonNode seen = look(profile, "readWritePaths: [/srv/sandbox/granted]");
        assertThat(seen.at("/writes/home").asBoolean()).as("writes home").isTrue();
        assertThat(seen.at("/writes/tmp").asBoolean()).as("writes /tmp").isTrue();
        assertThat(seen.at("/writes/granted").asBoolean())
                .as("writes what is granted")
                .isTrue();
        assertThat(seen.at("/writes/other").asBoolean()).as("writes elsewhere").isEqualTo(writesAnywhere);
        assertThat(seen.at("/sharesTmp").asBoolean()).as("the host's /tmp").isEqualTo(sharesTmp);
        assertThat(seen.at("/seesHomes").asBoolean()).as("other homes").isEqualTo(seesHomes);
        assertThat(seen.at("/seesProcesses").asBoolean()).as("other processes").isEqualTo(seesProcesses);
        assertThat(seen.at("/setgidProgram").asText())
                .as("the group of a setgid program")
                .isEqualTo(setgid);
        assertThat(seen.at("/opcache").asBoolean()).as("OPcache works").isTrue();
        assertThat(seen.at("/warnings")).as("PHP's complaints").isEmpty();
    }

    @Test
    void openBasedirIsWhatTheSpecSays() {
        tenant.script(
                USER,
                "basedir.php",
                "<?php echo ini_get('open_basedir'), '|', var_export(@file_get_contents('/etc/hostname'), true);");
        Pool pool = pool("basedir", "{openBasedir: [/home/sandbox-ann, /tmp]}");
        assertThat(pool.visit(host, "basedir.php")).isEqualTo("/home/sandbox-ann:/tmp|false");
    }

    @Test
    void aSandboxThatThePolicyDoesNotAllowIsNotPermitted() {
        tenant.pool("refused", USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  hardening: {readWritePaths: [/srv/sandbox/other]}
                """);
        assertThat(tenant.pool("refused", USER).awaitProblem("NotPermitted").message())
                .contains("spec.hardening.readWritePaths[0]", "/srv/sandbox/other");
    }

    private JsonNode look(String profile, String more) {
        Pool pool = pool(profile, "{profile: %s, %s}".formatted(profile, more));
        return Serialization.unmarshal(pool.visit(host, "sandbox.php"), JsonNode.class);
    }

    private Pool pool(String name, String hardening) {
        return tenant.pool(name, USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  hardening: %s
                """.formatted(hardening)).awaitReady();
    }
}
