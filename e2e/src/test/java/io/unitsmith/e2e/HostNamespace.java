package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.BoundObjectReference;
import io.fabric8.kubernetes.api.model.authentication.BoundObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.HostAgent;
import io.unitsmith.api.v1alpha1.HostAgentSpec;
import io.unitsmith.api.v1alpha1.Names;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A host's namespace, made as the operator makes it, with no more than the operator's rights. */
record HostNamespace(String host) {

    private static final String OPERATOR = "unitsmith-operator";

    String name() {
        return Names.hostNamespace(host);
    }

    void create(KubernetesClient operator) {
        operator.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name())
                        .addToLabels(Group.HOST_LABEL, host)
                        .endMetadata()
                        .build())
                .create();
        operator.resource(binding(name(), OPERATOR, "unitsmith-operator-host", Chart.NAMESPACE, OPERATOR))
                .create();
        for (String account : List.of(Names.AGENT_ACCOUNT, Names.JOIN_ACCOUNT)) {
            operator.resource(binding(name(), account, account, name(), account))
                    .create();
            // the authorizer learns of a binding a moment later
            until(
                    "the operator's own binding holds",
                    Duration.ofSeconds(10),
                    () -> createAccount(operator, account),
                    () -> name());
        }
        operator.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(Names.AGENT_CREDENTIAL)
                        .withNamespace(name())
                        .endMetadata()
                        .build())
                .create();
        operator.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName(Names.LEASE)
                        .withNamespace(name())
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create();
        HostAgent agent = new HostAgent();
        agent.getMetadata().setName(Names.HOST_AGENT);
        agent.getMetadata().setNamespace(name());
        agent.setSpec(new HostAgentSpec(Map.of()));
        operator.resource(agent).create();
    }

    String joinToken(KubernetesClient who) {
        return joinToken(who, 3600);
    }

    String joinToken(KubernetesClient who, long seconds) {
        return token(who, Names.JOIN_ACCOUNT, seconds, null);
    }

    String agentToken(KubernetesClient who) {
        return agentTokenBoundTo(who, Names.AGENT_CREDENTIAL);
    }

    String agentTokenBoundTo(KubernetesClient who, String secret) {
        BoundObjectReference bound = new BoundObjectReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Secret")
                .withName(secret)
                .build();
        return token(who, Names.AGENT_ACCOUNT, 86400, bound);
    }

    String unboundAgentToken(KubernetesClient who) {
        return token(who, Names.AGENT_ACCOUNT, 3600, null);
    }

    private String token(KubernetesClient who, String account, long seconds, BoundObjectReference bound) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(seconds)
                .withBoundObjectRef(bound)
                .endSpec()
                .build();
        return who.serviceAccounts()
                .inNamespace(name())
                .withName(account)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    static RoleBinding binding(String namespace, String name, String role, String subjectNamespace, String subject) {
        return new RoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject("", "ServiceAccount", subject, subjectNamespace)
                .build();
    }

    private boolean createAccount(KubernetesClient operator, String account) {
        try {
            operator.resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withName(account)
                            .withNamespace(name())
                            .endMetadata()
                            .build())
                    .create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403) {
                return false;
            }
            throw e;
        }
    }
}
