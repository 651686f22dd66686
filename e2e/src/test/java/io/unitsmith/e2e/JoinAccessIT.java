package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.testbed.Cluster;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the way in to a host is good for, and who can open another one. */
class JoinAccessIT extends Access {

    JoinAccessIT(Cluster cluster) {
        super(cluster, "join");
    }

    @Test
    void aJoinTokenCanMintAnAgentTokenAndNothingElse() {
        assertThat(callers.permissions(join, mine.name()))
                .containsExactly("create serviceaccounts/token named unitsmith-agent");
        assertThat(callers.permissions(join, other.name())).isEmpty();
        assertThat(callers.permissions(join, tenantNamespace)).isEmpty();
        assertThat(callers.permissions(join, "")).isEmpty();
        forbidden(() -> mine.joinToken(join));
        forbidden(() -> other.agentToken(join));
        forbidden(() -> join.secrets().inNamespace(mine.name()).list());
    }

    @Test
    void aJoinTokenLastsAnHourAtMost() {
        assertThat(refused(() -> mine.joinToken(operator, 3601)))
                .contains("join tokens are good for an hour at most, not for 3601 seconds");
    }

    @Test
    void nobodyButWhoMayCreateHostsCanPassANamespaceOffAsAHosts() {
        KubernetesClient tenant = callers.of(tenantNamespace, "default");
        admin.rbac().clusterRoles().resource(Callers.roleToMakeNamespaces()).serverSideApply();
        admin.rbac()
                .clusterRoleBindings()
                .resource(Callers.bindingToMakeNamespaces(tenantNamespace))
                .serverSideApply();
        try {
            until(
                    "the tenant may make namespaces",
                    Duration.ofSeconds(10),
                    () -> callers.may(tenant, "create", "namespaces"),
                    () -> tenantNamespace);
            String refusal = "are for who may create hosts.unitsmith.io";
            assertThat(refused(() -> tenant.resource(namespace("unitsmith-host-fake", Map.of()))
                            .create()))
                    .contains("unitsmith-host-fake", refusal);
            assertThat(refused(() -> tenant.resource(namespace("fake", Map.of(Group.HOST_LABEL, mine.host())))
                            .create()))
                    .contains("namespace fake", refusal);
            assertThat(refused(() -> tenant.namespaces()
                            .withName(mine.name())
                            .patch(
                                    PatchContext.of(PatchType.JSON_MERGE),
                                    "{\"metadata\":{\"labels\":{\"unitsmith.io/host\":null}}}")))
                    .contains(refusal);
            tenant.namespaces()
                    .withName(tenantNamespace)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"team\":\"a\"}}}");
        } finally {
            admin.rbac()
                    .clusterRoleBindings()
                    .resource(Callers.bindingToMakeNamespaces(tenantNamespace))
                    .delete();
            admin.rbac().clusterRoles().resource(Callers.roleToMakeNamespaces()).delete();
        }
    }
}
