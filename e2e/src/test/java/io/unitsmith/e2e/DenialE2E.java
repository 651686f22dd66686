package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        tenant.secret("key", Map.of("privateKey", "none", "knownHosts", "none"));
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

    @Test
    void theApiRefusesRoot() {
        Result answer =
                tenant.pool("almighty", "root").tryApply("  user: root\n  hostNames: [web-1]\n  phpVersion: \"8.4\"\n");
        assertThat(answer.succeeded()).as("%s", answer).isFalse();
        assertThat(answer.stderr()).contains("spec.user", "root");
    }

    @ParameterizedTest
    @ValueSource(strings = {"www-data", "nobody"})
    void theHostRefusesSystemUsersEvenIfAPolicyAllowsThem(String user) {
        allow("  users: [www-data, nobody]\n  socketGroups: [www-data]\n");
        HostProblem problem = pool("system", user).awaitProblem("CeilingDenied");
        assertThat(problem.host()).isEqualTo("web-1");
        assertThat(problem.message()).contains("spec.user", user);
    }

    @Test
    void theHostRefusesAPowerfulGroupEvenIfAPolicyAllowsIt() {
        allow("  users: [denials-ann]\n  socketGroups: [www-data]\n  groups: [shadow]\n");
        Pool pool = tenant.pool("shadow", "denials-ann").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  group: shadow
                """);
        assertThat(pool.awaitProblem("CeilingDenied").message()).contains("spec.group", "shadow");
    }

    @Test
    void theApiRefusesAMountOverPrograms() {
        Result answer = tenant.mount("programs").tryApply(sshfs("/usr/local/sbin", ""));
        assertThat(answer.succeeded()).as("%s", answer).isFalse();
        assertThat(answer.stderr()).contains("spec.path");
    }

    @Test
    void aMountOutsideOfThePathsOfThePolicyIsNotPermitted() {
        allow("  paths: [/srv/denials]\n  mountTypes: [sshfs]\n  mountSources: [\"*\"]\n");
        Mount mount = tenant.mount("elsewhere").apply(sshfs("/srv/denials-not/mnt", ""));
        assertThat(mount.awaitProblem("NotPermitted").message()).contains("spec.path", "/srv/denials-not/mnt");
    }

    @Test
    void theHostRefusesAMountOverProgramsEvenIfAPolicyAllowsIt() {
        allow("  paths: [/opt]\n  mountTypes: [sshfs]\n  mountSources: [\"*\"]\n");
        Mount mount = tenant.mount("programs").apply(sshfs("/opt/php", ""));
        HostProblem problem = mount.awaitProblem("CeilingDenied");
        assertThat(problem.host()).isEqualTo("web-1");
        assertThat(problem.message()).contains("spec.path", "/opt/php");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh_command=/tmp/evil", "ProxyCommand=/tmp/evil", "suid", "dev", "sftp_server=/tmp/evil"})
    void theApiRefusesAnOptionThatRunsOrOpensAnything(String option) {
        Result answer =
                tenant.mount("options").tryApply(sshfs("/srv/denials/mnt", "  options: [\"%s\"]\n".formatted(option)));
        assertThat(answer.succeeded()).as("%s", answer).isFalse();
        assertThat(answer.stderr()).contains("spec.options", option.split("=", 2)[0]);
    }

    /** Whoever controls the cluster writes what they like into the host's namespace; the host still says no. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phpFpmPool: {user: root, phpVersion: '8.4', hostNames: [web-1]} | spec.user",
                "phpFpmPool: {user: www-data, phpVersion: '8.4', hostNames: [web-1]} | spec.user",
                "remoteMount: {type: sshfs, path: /usr/local/sbin, source: 'a@b:/', hostNames: [web-1]} | spec.path",
                "remoteMount: {type: sshfs, path: /srv/x, source: 'a@b:/', hostNames: [web-1], options: ['ssh_command=/tmp/evil']} | spec.options",
                "remoteMount: {type: sshfs, path: /srv/x, source: '-oProxyCommand=evil', hostNames: [web-1]} | spec.source",
            })
    void theHostRefusesAForgedAssignment(String content, String field) {
        bed.cluster().apply("""
                apiVersion: unitsmith.io/v1alpha1
                kind: HostAssignment
                metadata: {name: forged, namespace: unitsmith-host-web-1}
                spec:
                  workload: {kind: %s, namespace: denials, name: forged, uid: none}
                  live:
                    revision: forged-1
                    %s
                """.formatted(content.startsWith("php") ? "PhpFpmPool" : "RemoteMount", content));
        try {
            until(
                    "the host refuses it",
                    Duration.ofSeconds(30),
                    () -> forged().contains(field) && forged().contains("Failed"),
                    this::forged);
        } finally {
            bed.cluster()
                    .kubectl("delete", "hostassignment", "forged", "--namespace", "unitsmith-host-web-1")
                    .output();
        }
    }

    private String forged() {
        return bed.cluster()
                .kubectl(
                        "get",
                        "hostassignment",
                        "forged",
                        "--namespace",
                        "unitsmith-host-web-1",
                        "--output",
                        "jsonpath={.status}")
                .stdout();
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
                  credentials: {secretRef: {name: key}}
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
