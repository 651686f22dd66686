package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Hardening.Profile;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sandbox profiles: each forbids what its documentation says, and breaks no more than that. */
@EndToEnd
class SandboxE2E {

    private static final String USER = "sandbox-ann";

    private final ContainerHost host;
    private final Tenant tenant;
    private final Sandbox sandbox;

    SandboxE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "sandbox", USER);
        tenant.allow("""
                  users: [%s]
                  socketGroups: [www-data]
                  paths: [/home/sandbox-ann, /srv/sandbox/granted]
                  hardeningProfiles: [none, standard, strict]
                """.formatted(USER));
        this.sandbox = new Sandbox(host, tenant.pool("sandboxed", USER), "8.4");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        sandbox.close();
    }

    @ParameterizedTest
    @EnumSource
    void aProfileForbidsWhatItSaysAndBreaksNothingElse(Profile profile) {
        sandbox.check(profile);
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

    private Pool pool(String name, String hardening) {
        return tenant.pool(name, USER).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  hardening: %s
                """.formatted(hardening)).awaitReady();
    }
}
