package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.fabric8.kubernetes.api.model.runtime.RawExtension;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostAgent;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.HostSpec;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.testbed.Cluster;
import io.unitsmith.testbed.TestbedExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may do what in the cluster: the chart's own manifests, real tokens, and every verb on everything that there is. */
@ExtendWith(TestbedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessIT {

    private static final String TENANT = "access-tenant";

    private final HostNamespace mine = new HostNamespace("access-mine");
    private final HostNamespace other = new HostNamespace("access-other");
    private final HostNamespace stolen = new HostNamespace("access-stolen");
    private final KubernetesClient admin;
    private final Callers callers;
    private final KubernetesClient operator;
    private final KubernetesClient join;
    private final KubernetesClient agent;

    AccessIT(Cluster cluster) {
        Chart.applyWithoutOperator(cluster);
        this.admin = cluster.client();
        this.callers = new Callers(admin);
        this.operator = callers.of(Chart.NAMESPACE, "unitsmith-operator");
        admin.resource(namespace(TENANT, Map.of())).create();
        mine.create(operator);
        other.create(operator);
        this.join = callers.with(mine.joinToken(operator));
        this.agent = callers.with(mine.agentToken(join));
    }

    @AfterAll
    void cleanUp() {
        List.of(mine.name(), other.name(), stolen.name(), TENANT)
                .forEach(name -> admin.namespaces().withName(name).delete());
        callers.close();
    }

    @Test
    void anAgentMayDoInItsOwnNamespaceJustWhatItNeeds() {
        assertThat(callers.permissions(agent, mine.name()))
                .containsExactlyInAnyOrder(
                        "get hostassignments.unitsmith.io",
                        "list hostassignments.unitsmith.io",
                        "watch hostassignments.unitsmith.io",
                        "patch hostassignments.unitsmith.io/status",
                        "get hostagents.unitsmith.io",
                        "list hostagents.unitsmith.io",
                        "watch hostagents.unitsmith.io",
                        "patch hostagents.unitsmith.io/status",
                        "get secrets",
                        "list secrets",
                        "watch secrets",
                        "get configmaps named kube-root-ca.crt",
                        "list configmaps named kube-root-ca.crt",
                        "watch configmaps named kube-root-ca.crt",
                        "get leases.coordination.k8s.io named unitsmith-agent",
                        "update leases.coordination.k8s.io named unitsmith-agent",
                        "create events.events.k8s.io",
                        "create serviceaccounts/token named unitsmith-agent");
    }

    @Test
    void anAgentMayDoNothingAnywhereElse() {
        assertThat(callers.permissions(agent, other.name()))
                .as("in another host's namespace")
                .isEmpty();
        assertThat(callers.permissions(agent, TENANT))
                .as("in a tenant's namespace")
                .isEmpty();
        assertThat(callers.permissions(agent, "")).as("cluster-wide").isEmpty();
    }

    @Test
    void anAgentsRequestsAreAnsweredAccordingly() {
        assertThat(agent.resources(HostAgent.class)
                        .inNamespace(mine.name())
                        .list()
                        .getItems())
                .hasSize(1);
        forbidden(() -> agent.secrets().inNamespace(other.name()).list());
        forbidden(() -> agent.secrets()
                .inNamespace(other.name())
                .withName(Names.AGENT_CREDENTIAL)
                .get());
        forbidden(() -> agent.secrets().inAnyNamespace().list());
        forbidden(() ->
                agent.resources(HostAssignment.class).inNamespace(other.name()).list());
        forbidden(() -> agent.resources(HostAssignment.class).inAnyNamespace().list());
        forbidden(() -> agent.resources(Host.class).list());
        forbidden(() -> agent.namespaces().list());
        forbidden(() -> agent.resource(secret(mine.name(), "x")).create());
        forbidden(() -> other.agentToken(agent));
        forbidden(() -> mine.joinToken(agent));
    }

    @Test
    void aJoinTokenCanMintAnAgentTokenAndNothingElse() {
        assertThat(callers.permissions(join, mine.name()))
                .containsExactly("create serviceaccounts/token named unitsmith-agent");
        assertThat(callers.permissions(join, other.name())).isEmpty();
        assertThat(callers.permissions(join, TENANT)).isEmpty();
        assertThat(callers.permissions(join, "")).isEmpty();
        forbidden(() -> mine.joinToken(join));
        forbidden(() -> other.agentToken(join));
        forbidden(() -> join.secrets().inNamespace(mine.name()).list());
    }

    @Test
    void anAgentTokenIsBoundToTheCredentialSecretWhoeverAsksForIt() {
        String refusal = "agent tokens are bound to the Secret unitsmith-agent-credential";
        admin.resource(secret(mine.name(), "another")).create();
        for (KubernetesClient who : List.of(join, agent, admin)) {
            assertThat(refused(() -> mine.unboundAgentToken(who))).contains(refusal);
            assertThat(refused(() -> mine.agentTokenBoundTo(who, "another"))).contains(refusal);
        }
        Secret everlasting = new SecretBuilder(secret(mine.name(), "everlasting"))
                .editMetadata()
                .addToAnnotations("kubernetes.io/service-account.name", Names.AGENT_ACCOUNT)
                .endMetadata()
                .withType("kubernetes.io/service-account-token")
                .build();
        assertThat(refused(() -> admin.resource(everlasting).create()))
                .contains("its token would outlive the host's credential");
    }

    @Test
    void aJoinTokenLastsAnHourAtMost() {
        assertThat(refused(() -> mine.joinToken(operator, 3601)))
                .contains("join tokens are good for an hour at most, not for 3601 seconds");
    }

    @Test
    void deletingTheCredentialSecretRevokesEveryTokenAndOpensTheJoinAgain() {
        stolen.create(operator);
        KubernetesClient first = callers.with(stolen.agentToken(callers.with(stolen.joinToken(operator))));
        KubernetesClient renewed = callers.with(stolen.agentToken(first));
        renewed.secrets().inNamespace(stolen.name()).list();

        operator.resource(secret(stolen.name(), Names.AGENT_CREDENTIAL)).delete();
        operator.resource(secret(stolen.name(), Names.AGENT_CREDENTIAL)).create();

        // the API server remembers a token that it has found good for 10 s
        until(
                "both tokens are refused",
                Duration.ofSeconds(30),
                () -> isUnknown(first, stolen) && isUnknown(renewed, stolen),
                stolen::name);
        KubernetesClient again = callers.with(stolen.agentToken(callers.with(stolen.joinToken(operator))));
        assertThat(again.secrets().inNamespace(stolen.name()).list().getItems()).isNotEmpty();
    }

    @Test
    void theOperatorMayWriteOutsideOfHostNamespacesJustThis() {
        Set<String> permissions = callers.permissions(operator, TENANT);
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
        assertThat(refused(() -> operator.namespaces().withName(TENANT).delete()))
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
                HostNamespace.binding(TENANT, "x", agents, TENANT, Names.AGENT_ACCOUNT),
                HostNamespace.binding(TENANT, "x", operators, Chart.NAMESPACE, "unitsmith-operator"),
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
        forbidden(() -> operator.resource(secret(TENANT, "x")).create());
        forbidden(() -> operator.secrets().inNamespace(TENANT).list());
    }

    @Test
    void theOperatorTouchesNoRevisionOfOthers() {
        ControllerRevision revision = new ControllerRevisionBuilder()
                .withNewMetadata()
                .withName("of-a-daemon-set")
                .withNamespace(TENANT)
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
    void nobodyButWhoMayCreateHostsCanPassANamespaceOffAsAHosts() {
        KubernetesClient tenant = callers.of(TENANT, "default");
        admin.rbac().clusterRoles().resource(Callers.roleToMakeNamespaces()).serverSideApply();
        admin.rbac()
                .clusterRoleBindings()
                .resource(Callers.bindingToMakeNamespaces(TENANT))
                .serverSideApply();
        try {
            until(
                    "the tenant may make namespaces",
                    Duration.ofSeconds(10),
                    () -> callers.may(tenant, "create", "namespaces"),
                    () -> TENANT);
            String refusal = "are for who may create hosts.unitsmith.io";
            assertThat(refused(() -> tenant.resource(namespace("unitsmith-host-fake", Map.of()))
                            .create()))
                    .contains("unitsmith-host-fake", refusal);
            assertThat(refused(() -> tenant.resource(namespace("fake", Map.of(Group.HOST_LABEL, "access-mine")))
                            .create()))
                    .contains("namespace fake", refusal);
            assertThat(refused(() -> tenant.namespaces()
                            .withName(mine.name())
                            .patch(
                                    PatchContext.of(PatchType.JSON_MERGE),
                                    "{\"metadata\":{\"labels\":{\"unitsmith.io/host\":null}}}")))
                    .contains(refusal);
            tenant.namespaces()
                    .withName(TENANT)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"labels\":{\"team\":\"a\"}}}");
        } finally {
            admin.rbac()
                    .clusterRoleBindings()
                    .resource(Callers.bindingToMakeNamespaces(TENANT))
                    .delete();
            admin.rbac().clusterRoles().resource(Callers.roleToMakeNamespaces()).delete();
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

    private static boolean isUnknown(KubernetesClient who, HostNamespace namespace) {
        try {
            who.secrets().inNamespace(namespace.name()).list();
            return false;
        } catch (KubernetesClientException e) {
            return e.getCode() == 401;
        }
    }

    /** That the request is refused by authorization or admission; the message. */
    private static String forbidden(ThrowingCallable request) {
        var refusal = catchThrowableOfType(KubernetesClientException.class, request);
        assertThat(refusal).as("forbidden").isNotNull();
        assertThat(refusal.getCode()).as(refusal.getMessage()).isEqualTo(403);
        return refusal.getMessage();
    }

    /** That the request is refused by admission, which says 403 or 422; the message. */
    private static String refused(ThrowingCallable request) {
        var refusal = catchThrowableOfType(KubernetesClientException.class, request);
        assertThat(refusal).as("refused").isNotNull();
        assertThat(refusal.getMessage()).contains("ValidatingAdmissionPolicy");
        return refusal.getMessage();
    }

    private static Secret secret(String namespace, String name) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }

    private static Namespace namespace(String name, Map<String, String> labels) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build();
    }
}
