package io.unitsmith.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.api.v1alpha1.DriftPolicy;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.SecretReference;
import io.unitsmith.operator.access.SecretCopies;
import io.unitsmith.operator.policy.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;

class KindsTest {

    @Test
    void aPoolClaimsItsUserAndGroupsAndDirectory() {
        assertThat(new PhpFpmPools().claims(pool("dev", "/home/alice")))
                .containsExactly(
                        new Claim("spec.user", "alice", Claim.Resource.USER),
                        new Claim("spec.group", "dev", Claim.Resource.GROUP),
                        new Claim("spec.socket.group", "www-data", Claim.Resource.SOCKET_GROUP),
                        new Claim("spec.chdir", "/home/alice", Claim.Resource.PATH),
                        new Claim("spec.hardening.readWritePaths[0]", "/srv/shop", Claim.Resource.PATH),
                        new Claim("spec.hardening.profile", "strict", Claim.Resource.HARDENING_PROFILE),
                        new Claim("spec.processManager.maxChildren", "5", Claim.Resource.MAX_CHILDREN),
                        new Claim("spec.resources.memoryMax", "512Mi", Claim.Resource.MEMORY_MAX),
                        new Claim("spec.resources.cpuQuota", "unlimited", Claim.Resource.CPU_QUOTA));
    }

    @Test
    void aPoolNeedsEveryKeyOfTheSecretsOfItsEnvironment() {
        assertThat(new PhpFpmPools().secrets(pool("dev", null)))
                .containsExactly(
                        new SecretCopies.Whole("spec.envFrom[0].secretRef", "shop-env"),
                        new SecretCopies.Whole("spec.envFrom[1].secretRef", "shop-keys"));
    }

    @Test
    void theUsersOwnGroupNeedsNoPermission() {
        assertThat(new PhpFpmPools().claims(pool(null, null)))
                .extracting(Claim::field)
                .containsExactly(
                        "spec.user",
                        "spec.socket.group",
                        "spec.hardening.readWritePaths[0]",
                        "spec.hardening.profile",
                        "spec.processManager.maxChildren",
                        "spec.resources.memoryMax",
                        "spec.resources.cpuQuota");
    }

    @Test
    void aMountClaimsItsPathTypeAndSource() {
        assertThat(new RemoteMounts().claims(mount(RemoteMountSpec.Type.CIFS, null)))
                .containsExactly(
                        new Claim("spec.path", "/srv/a", Claim.Resource.PATH),
                        new Claim("spec.type", "cifs", Claim.Resource.MOUNT_TYPE),
                        new Claim("spec.source", "//files/a", Claim.Resource.MOUNT_SOURCE));
    }

    @Test
    void aMountNeedsTheKeysOfItsType() {
        assertThat(new RemoteMounts().secrets(mount(RemoteMountSpec.Type.SSHFS, "s")))
                .contains(new SecretCopies.Keys(
                        "spec.credentials.secretRef", "s", List.of("privateKey", "knownHosts"), List.of()));
        assertThat(new RemoteMounts().secrets(mount(RemoteMountSpec.Type.CIFS, "s")))
                .contains(new SecretCopies.Keys(
                        "spec.credentials.secretRef", "s", List.of("username", "password"), List.of("domain")));
        assertThat(new RemoteMounts().secrets(mount(RemoteMountSpec.Type.S3FS, "s")))
                .contains(new SecretCopies.Keys(
                        "spec.credentials.secretRef", "s", List.of("accessKey", "secretKey"), List.of()));
        assertThat(new RemoteMounts().secrets(mount(RemoteMountSpec.Type.CIFS, null)))
                .isEmpty();
        assertThat(new RemoteMounts().secrets(mount(RemoteMountSpec.Type.GLUSTERFS, "s")))
                .as("a type that takes none")
                .isEmpty();
    }

    private static PhpFpmPoolSpec pool(String group, String chdir) {
        return Serialization.unmarshal("""
                hostNames: [web-1]
                user: alice
                group: %s
                phpVersion: "8.4"
                socket: {group: www-data, mode: "0660", backlog: 511}
                processManager: {type: ondemand, maxChildren: 5}
                envFrom: [{secretRef: {name: shop-env}}, {secretRef: {name: shop-keys}}]
                chdir: %s
                resources: {memoryMax: 512Mi}
                hardening: {profile: strict, readWritePaths: [/srv/shop], umask: "0027"}
                """.formatted(group, chdir), PhpFpmPoolSpec.class);
    }

    private static RemoteMountSpec mount(RemoteMountSpec.Type type, String secret) {
        return new RemoteMountSpec(
                null,
                List.of("web-1"),
                type,
                "//files/a",
                "/srv/a",
                null,
                false,
                new RemoteMountSpec.Automount(true, "5m"),
                "30s",
                "0755",
                null,
                false,
                true,
                secret == null ? null : new RemoteMountSpec.Credentials(new SecretReference(secret)),
                null,
                DriftPolicy.REPAIR,
                null,
                null);
    }
}
