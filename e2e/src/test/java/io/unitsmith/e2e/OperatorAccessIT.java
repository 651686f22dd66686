package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.api.model.runtime.RawExtension;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostSpec;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.testbed.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How little the operator may do besides its job, by its rights and by admission. */
class OperatorAccessIT extends Access {

    OperatorAccessIT(Cluster cluster) {
        super(cluster, "operator");
    }

    @Test
    void theOperatorMayWriteOutsideOfHostNamespacesJustThis() {
        Set<String> permissions = callers.permissions(operator, tenantNamespace);
        assertThat(permissions)
                .filteredOn(permission -> !permission.matches("(get|list|watch) .*"))
                .containsExactlyInAnyOrder(
                        "patch phpfpmpools.unitsmith.io",
                        "patch phpfpmpools.unitsmith.io/status",
                        "patch remotemounts.unitsmith.io",
                        "patch remotemounts.unitsmith.io/status",
                        "patch hosts.unitsmith.io",
                        "patch hosts.unitsmith.io/status",
                        "create controllerrevisions.apps",
                        "update controllerrevisions.apps",
                        "delete controllerrevisions.apps",
                        "create events.events.k8s.io",
                        // and these only as admission says, see below
                        "create namespaces",
                        "delete namespaces",
                        "create rolebindings.rbac.authorization.k8s.io",
                        "update rolebindings.rbac.authorization.k8s.io named unitsmith-agent",
                        "update rolebindings.rbac.authorization.k8s.io named unitsmith-join",
                        "update rolebindings.rbac.authorization.k8s.io named unitsmith-operator");
        assertThat(permissions)
                .filteredOn(permission -> permission.contains(" secrets"))
                .containsExactlyInAnyOrder(
                        "get secrets",
                        "list secrets named unitsmith-join",
                        "watch secrets named unitsmith-join",
                        "list secrets named unitsmith-agent-credential",
                        "watch secrets named unitsmith-agent-credential");
    }

    @Test
    void theOperatorWritesNoNamespaceButThoseOfHosts() {
        Map<String, String> label = Map.of(Group.HOST_LABEL, "x");
        String refusal = "the operator writes only namespaces named unitsmith-host-<host> with the label";
        for (Namespace namespace : List.of(
                namespace("unitsmith-host-x", Map.of()), namespace("x", label), namespace("unitsmith-host-y", label))) {
            assertThat(refused(() -> operator.resource(namespace).create())).contains(refusal);
        }
        assertThat(refused(() -> operator.namespaces().withName(tenantNamespace).delete()))
                .contains(refusal);
    }

    @Test
    void theOperatorBindsOnlyTheRolesOfHostsAndOnlyToTheAccountsOfThatHost() {
        String refusal = "the operator binds only the ClusterRoles unitsmith-agent and unitsmith-join";
        String agents = "unitsmith-agent";
        String operators = "unitsmith-operator-host";
        for (var binding : List.of(
                HostNamespace.binding(mine.name(), "x", agents, other.name(), Names.AGENT_ACCOUNT),
                HostNamespace.binding(mine.name(), "x", agents, mine.name(), Names.JOIN_ACCOUNT),
                HostNamespace.binding(mine.name(), "x", operators, mine.name(), Names.AGENT_ACCOUNT),
                HostNamespace.binding(mine.name(), "x", "unitsmith-operator", mine.name(), Names.AGENT_ACCOUNT))) {
            assertThat(refused(() -> operator.resource(binding).create())).contains(refusal);
        }
        for (var binding : List.of(
                HostNamespace.binding(tenantNamespace, "x", agents, tenantNamespace, Names.AGENT_ACCOUNT),
                HostNamespace.binding(tenantNamespace, "x", operators, Chart.NAMESPACE, "unitsmith-operator"),
                HostNamespace.binding("kube-system", "x", operators, Chart.NAMESPACE, "unitsmith-operator"))) {
            assertThat(refused(() -> operator.resource(binding).create()))
                    .contains("the operator writes rolebindings only in the namespaces of hosts");
        }
    }

    @Test
    void theOperatorGrantsNobodyWhatItDoesNotHave() {
        for (String role : List.of("cluster-admin", "edit")) {
            var binding = HostNamespace.binding(mine.name(), "x", role, mine.name(), Names.AGENT_ACCOUNT);
            assertThat(forbidden(() -> operator.resource(binding).create()))
                    .contains("attempting to grant RBAC permissions not currently held");
        }
    }

    @Test
    void theOperatorMakesNoOtherAccountAndMintsNoAgentToken() {
        assertThat(refused(() -> operator.resource(new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withName("x")
                                .withNamespace(mine.name())
                                .endMetadata()
                                .build())
                        .create()))
                .contains("the operator writes only the ServiceAccounts unitsmith-agent and unitsmith-join, not x");
        forbidden(() -> mine.agentToken(operator));
        forbidden(() -> operator.resource(secret(tenantNamespace, "x")).create());
        forbidden(() -> operator.secrets().inNamespace(tenantNamespace).list());
    }

    @Test
    void theOperatorTouchesNoRevisionOfOthers() {
        ControllerRevision revision = new ControllerRevisionBuilder()
                .withNewMetadata()
                .withName("of-a-daemon-set")
                .withNamespace(tenantNamespace)
                .endMetadata()
                .withData(new RawExtension(Map.of("spec", "x")))
                .withRevision(1L)
                .build();
        String refusal = "the operator writes only ControllerRevisions with the label unitsmith.io/workload";
        assertThat(refused(() -> operator.resource(revision).create())).contains(refusal);
        admin.resource(revision).create();
        assertThat(refused(() -> operator.resource(revision).delete())).contains(refusal);
    }

    @Test
    void theOperatorSetsAFinalizerOnAHostButNotItsSpec() {
        Host host = new Host();
        host.getMetadata().setName("access-spec");
        host.setSpec(new HostSpec(Map.of()));
        admin.resource(host).create();
        try {
            PatchContext merge = PatchContext.of(PatchType.JSON_MERGE);
            operator.resource(host).patch(merge, "{\"metadata\":{\"finalizers\":[\"" + Group.FINALIZER + "\"]}}");
            assertThat(refused(() ->
                            operator.resource(host).patch(merge, "{\"spec\":{\"phpPaths\":{\"8.4\":\"/tmp/evil\"}}}")))
                    .contains("the spec of access-spec belongs to who wrote it");
            operator.resource(host).patch(merge, "{\"metadata\":{\"finalizers\":[]}}");
        } finally {
            admin.resource(host).delete();
        }
    }

    @Test
    void theApiServerUnderstandsEveryPolicy() {
        assertThat(admin.admissionRegistration()
                        .v1()
                        .validatingAdmissionPolicies()
                        .list()
                        .getItems())
                .filteredOn(policy -> policy.getMetadata().getName().startsWith("unitsmith-"))
                .hasSizeGreaterThan(5)
                .allSatisfy(policy -> assertThat(warnings(policy)).isEmpty());
    }

    private static List<?> warnings(ValidatingAdmissionPolicy policy) {
        var checking = policy.getStatus() == null ? null : policy.getStatus().getTypeChecking();
        return checking == null ? List.of() : checking.getExpressionWarnings();
    }
}
