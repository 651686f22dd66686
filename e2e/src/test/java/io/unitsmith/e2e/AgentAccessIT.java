package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostAgent;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.testbed.Cluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an agent may do in the cluster, by every verb on everything that there is, and how that ends. */
class AgentAccessIT extends Access {

    AgentAccessIT(Cluster cluster) {
        super(cluster, "agent");
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
                        "get leases.coordination.k8s.io named unitsmith-agent",
                        "update leases.coordination.k8s.io named unitsmith-agent",
                        "create serviceaccounts/token named unitsmith-agent");
    }

    @Test
    void anAgentMayDoNothingAnywhereElse() {
        assertThat(callers.permissions(agent, other.name()))
                .as("in another host's namespace")
                .isEmpty();
        assertThat(callers.permissions(agent, tenantNamespace))
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
    void deletingTheCredentialSecretRevokesEveryTokenAndOpensTheJoinAgain() {
        KubernetesClient first = callers.with(other.agentToken(callers.with(other.joinToken(operator))));
        KubernetesClient renewed = callers.with(other.agentToken(first));
        renewed.secrets().inNamespace(other.name()).list();

        operator.resource(secret(other.name(), Names.AGENT_CREDENTIAL)).delete();
        operator.resource(secret(other.name(), Names.AGENT_CREDENTIAL)).create();

        // the API server remembers a token that it has found good for 10 s
        until(
                "both tokens are refused",
                Duration.ofSeconds(30),
                () -> isUnknown(first, other) && isUnknown(renewed, other),
                other::name);
        KubernetesClient again = callers.with(other.agentToken(callers.with(other.joinToken(operator))));
        assertThat(again.secrets().inNamespace(other.name()).list().getItems()).isNotEmpty();
    }

    private static boolean isUnknown(KubernetesClient who, HostNamespace namespace) {
        try {
            who.secrets().inNamespace(namespace.name()).list();
            return false;
        } catch (KubernetesClientException e) {
            return e.getCode() == 401;
        }
    }
}
