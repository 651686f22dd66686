package io.unitsmith.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

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
                        new Claim("spec.chdir", "/home/alice", Claim.Resource.PATH));
    }

    @Test
    void theUsersOwnGroupNeedsNoPermission() {
        assertThat(new PhpFpmPools().claims(pool(null, null)))
                .extracting(Claim::field)
                .containsExactly("spec.user", "spec.socket.group");
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
        assertThat(new RemoteMounts().secret(mount(RemoteMountSpec.Type.SSHFS, "s")))
                .contains(new SecretCopies.Need("s", List.of("privateKey", "knownHosts"), List.of()));
        assertThat(new RemoteMounts().secret(mount(RemoteMountSpec.Type.CIFS, "s")))
                .contains(new SecretCopies.Need("s", List.of("username", "password"), List.of("domain")));
        assertThat(new RemoteMounts().secret(mount(RemoteMountSpec.Type.CIFS, null)))
                .isEmpty();
    }

    private static PhpFpmPoolSpec pool(String group, String chdir) {
        return new PhpFpmPoolSpec(
                null,
                List.of("web-1"),
                "alice",
                group,
                "8.4",
                new PhpFpmPoolSpec.Socket("www-data", "0660", 511),
                new PhpFpmPoolSpec.ProcessManager(
                        PhpFpmPoolSpec.ProcessManager.Type.ONDEMAND, 5, null, null, null, "10s", 500, 32),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(".php"),
                chdir,
                DriftPolicy.REPAIR);
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
                false,
                secret == null ? null : new RemoteMountSpec.Credentials(new SecretReference(secret)),
                DriftPolicy.REPAIR);
    }
}
