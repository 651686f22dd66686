package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what: first the operator says no, by policy; then each host by its own ceiling, whatever the cluster says. */
@EndToEnd
class DenialE2E {

    private final Testbed bed;
    private final ContainerHost host;
    private final Tenant tenant;
    private final HostState before;

    DenialE2E(Testbed bed) {
        this.bed = bed;
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "denials", "denials-ann");
        this.before = HostState.of(host);
    }

    @AfterEach
    void nothingHasComeOntoTheHost() {
        assertThat(HostState.of(host).changesSince(before))
                .as("changes on the host")
                .isEmpty();
        tenant.deleteWorkloads();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void aNamespaceWithoutAPolicyMayDoNothing() {
        bed.cluster().kubectl("delete", "tenantpolicy", "denials").output();
        Pool pool = pool("lawless", "denials-ann");
        assertThat(pool.awaitProblem("NotPermitted").message()).contains("TenantPolicy", "denials");
        assertNothingIsAssigned(pool);
        // it is not refused for good: a policy heals it
        allow("  users: [denials-ann]\n  socketGroups: [www-data]\n");
        pool.awaitReady();
        tenant.deleteWorkloads();
    }

    @Test
    void aUserThatNoPolicyAllowsIsNotPermitted() {
        allow("  users: [denials-ann]\n  socketGroups: [www-data]\n");
        Pool pool = pool("stranger", "alice");
        assertThat(pool.awaitProblem("NotPermitted").message()).contains("spec.user", "alice");
        assertNothingIsAssigned(pool);
    }

    @Test
    void aUserBelongsToOneTenant() {
        allow("  users: [denials-ann]\n  socketGroups: [www-data]\n");
        try (Tenant other = Tenant.create(bed, "denials-other")) {
            other.allow("""
                      users: ["denials-*"]
                      socketGroups: [www-data]
                    """);
            Pool pool = other.pool("thief", "denials-ann").apply("""
                      hostNames: [web-1]
                      phpVersion: "8.4"
                    """);
            HostProblem problem = pool.awaitProblem("Conflict");
            assertThat(problem.message()).contains("spec.user", "denials-ann");
            assertNothingIsAssigned(pool);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "www-data", "nobody"})
    void theHostRefusesSystemUsersEvenIfAPolicyAllowsThem(String user) {
        allow("  users: [\"*\"]\n  socketGroups: [www-data]\n");
        HostProblem problem = pool("system", user).awaitProblem("CeilingDenied");
        assertThat(problem.host()).isEqualTo("web-1");
        assertThat(problem.message()).contains("spec.user", user);
    }

    @Test
    void theHostRefusesASocketForAPowerfulGroup() {
        allow("  users: [denials-ann]\n  socketGroups: [\"*\"]\n  groups: [\"*\"]\n");
        Pool pool = tenant.pool("shadow", "denials-ann").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  group: shadow
                """);
        assertThat(pool.awaitProblem("CeilingDenied").message()).contains("spec.group", "shadow");
    }

    @Test
    void aMountOverProgramsIsNotPermittedByPolicy() {
        allow("  paths: [/srv/denials]\n  mountTypes: [sshfs]\n  mountSources: [\"*\"]\n");
        Mount mount = tenant.mount("programs");
        mount.apply(sshfs("/usr/local/sbin", ""));
        assertThat(mount.awaitProblem("NotPermitted").message()).contains("spec.path", "/usr/local/sbin");
    }

    @Test
    void theHostRefusesAMountOverProgramsEvenIfAPolicyAllowsIt() {
        allow("  paths: [/]\n  mountTypes: [sshfs]\n  mountSources: [\"*\"]\n");
        Mount mount = tenant.mount("programs");
        mount.apply(sshfs("/usr/local/sbin", ""));
        HostProblem problem = mount.awaitProblem("CeilingDenied");
        assertThat(problem.host()).isEqualTo("web-1");
        assertThat(problem.message()).contains("spec.path", "/usr/local/sbin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh_command=/tmp/evil", "ProxyCommand=/tmp/evil", "suid", "dev", "directport=1,suid"})
    void anOptionThatRunsOrOpensAnythingIsRefused(String option) {
        allow("  paths: [/srv/denials]\n  mountTypes: [sshfs]\n  mountSources: [\"*\"]\n");
        Mount mount = tenant.mount("options");
        Result answer = mount.tryApply(sshfs("/srv/denials/mnt", "  options: [\"%s\"]\n".formatted(option)));
        if (answer.succeeded()) {
            assertThat(mount.awaitProblem("Invalid").message()).contains("spec.options", option);
        } else {
            assertThat(answer.stderr()).contains("spec.options", option);
        }
    }

    private Pool pool(String name, String user) {
        return tenant.pool(name, user).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                """);
    }

    private void allow(String permissions) {
        tenant.allow(permissions);
    }

    private static String sshfs(String path, String more) {
        return """
                  hostNames: [web-1]
                  type: sshfs
                  source: files@files:/srv/data
                  path: %s
                  credentials: {secretRef: {name: absent}}
                """.formatted(path) + more;
    }

    private void assertNothingIsAssigned(Pool pool) {
        List<String> assigned = bed.client().resources(HostAssignment.class).inAnyNamespace().list().getItems().stream()
                .map(HostAssignment::getSpec)
                .filter(spec -> spec.workload().name().equals(pool.name()))
                .filter(spec -> spec.workload().namespace().equals(pool.tenant().namespace()))
                .map(Object::toString)
                .toList();
        assertThat(assigned).as("what hosts were told of it").isEmpty();
    }
}
