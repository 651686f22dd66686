package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.unitsmith.testbed.Cluster;
import io.unitsmith.testbed.TestbedExtension;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The chart's own manifests without its operator, and callers with real tokens: the operator, and the agent and the join
 * of a first host. There is a second host, and a tenant's namespace.
 */
@ExtendWith(TestbedExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Access {

    final KubernetesClient admin;
    final Callers callers;
    final String tenantNamespace;
    final HostNamespace mine;
    final HostNamespace other;
    final KubernetesClient operator;
    final KubernetesClient join;
    final KubernetesClient agent;

    /** Names begin with that of the test, so that several can be there at once. */
    Access(Cluster cluster, String test) {
        Chart.applyWithoutOperator(cluster);
        this.admin = cluster.client();
        this.callers = new Callers(admin);
        this.operator = callers.of(Chart.NAMESPACE, "unitsmith-operator");
        this.tenantNamespace = test + "-access-tenant";
        this.mine = new HostNamespace(test + "-access-mine");
        this.other = new HostNamespace(test + "-access-other");
        admin.resource(namespace(tenantNamespace, Map.of())).create();
        mine.create(operator);
        other.create(operator);
        this.join = callers.with(mine.joinToken(operator));
        this.agent = callers.with(mine.agentToken(join));
    }

    @AfterAll
    void cleanUp() {
        List.of(mine.name(), other.name(), tenantNamespace)
                .forEach(name -> admin.namespaces().withName(name).delete());
        callers.close();
    }

    /** That the request is refused by authorization or admission; the message. */
    static String forbidden(ThrowingCallable request) {
        var refusal = catchThrowableOfType(KubernetesClientException.class, request);
        assertThat(refusal).as("forbidden").isNotNull();
        assertThat(refusal.getCode()).as(refusal.getMessage()).isEqualTo(403);
        return refusal.getMessage();
    }

    /** That the request is refused by admission, which says 403 or 422; the message. */
    static String refused(ThrowingCallable request) {
        var refusal = catchThrowableOfType(KubernetesClientException.class, request);
        assertThat(refusal).as("refused").isNotNull();
        assertThat(refusal.getMessage()).contains("ValidatingAdmissionPolicy");
        return refusal.getMessage();
    }

    static Secret secret(String namespace, String name) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }

    static Namespace namespace(String name, Map<String, String> labels) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build();
    }
}
