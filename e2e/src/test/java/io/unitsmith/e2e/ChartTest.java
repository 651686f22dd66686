package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart promises, read from what Helm makes of it. */
class ChartTest {

    private static final String NEEDED = "agent: {server: 'https://api.example.com:6443'}\n";

    private final List<HasMetadata> chart = Chart.render(NEEDED);

    @Test
    void lintHasNothingToSay() {
        LintResult lint = new Helm(Chart.FOLDER).lint().strict().call();
        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
        assertThat(lint.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
    }

    @Test
    void theServerThatHostsReachIsNeeded() {
        assertThatThrownBy(() -> Chart.render("{}"))
                .hasMessageContaining("agent.server is needed: the URL at which hosts reach this cluster's API server");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent: {server: 'http://api:6443'}",
                "agent: {server: 'https://api:6443', token: x}",
                NEEDED + "replica: 2",
                NEEDED + "replicas: 0",
                NEEDED + "replicas: '2'",
                NEEDED + "image: {repo: x}",
                NEEDED + "image: {pullPolicy: Sometimes}",
                NEEDED + "image: {tag: 'a b'}",
                NEEDED + "tenantNamespaces: [Shop]",
                NEEDED + "tenantNamespaces: shop",
                NEEDED + "resources: {memory: 1Gi}",
            })
    void valuesThatMeanNothingAreRefused(String values) {
        assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining("values don't meet the specifications");
    }

    @Test
    void noRuleHasAWildcard() {
        assertThat(rules(chart).toList()).hasSizeGreaterThan(20).allSatisfy(rule -> {
            assertThat(rule.getVerbs()).isNotEmpty().noneMatch(verb -> verb.contains("*"));
            assertThat(rule.getApiGroups()).isNotEmpty().noneMatch(group -> group.contains("*"));
            assertThat(rule.getResources()).isNotEmpty().noneMatch(resource -> resource.contains("*"));
        });
    }

    @Test
    void secretsAreNeverListedClusterWideButByName() {
        assertThat(operatorsRules(chart))
                .filteredOn(rule -> rule.getResources().contains("secrets")
                        && rule.getResourceNames().isEmpty())
                .singleElement()
                .extracting(PolicyRule::getVerbs)
                .isEqualTo(List.of("get"));
    }

    @Test
    void withTenantNamespacesNoOtherSecretsCanBeRead() {
        List<HasMetadata> confined = Chart.render(NEEDED + "tenantNamespaces: [shop, blog]");
        assertThat(operatorsRules(confined))
                .filteredOn(rule -> rule.getResources().contains("secrets"))
                .allSatisfy(rule -> assertThat(rule.getResourceNames()).isNotEmpty());
        assertThat(all(confined, Role.class))
                .filteredOn(role -> role.getMetadata().getName().equals("unitsmith-secrets"))
                .extracting(role -> role.getMetadata().getNamespace())
                .containsExactly("shop", "blog");
    }

    @Test
    void theOperatorCanBindOnlyTheRolesOfHosts() {
        assertThat(rules(chart).filter(rule -> rule.getVerbs().contains("bind")))
                .singleElement()
                .extracting(PolicyRule::getResourceNames)
                .isEqualTo(List.of("unitsmith-agent", "unitsmith-join", "unitsmith-operator-host"));
        assertThat(rules(chart))
                .noneMatch(rule ->
                        rule.getVerbs().contains("escalate") || rule.getVerbs().contains("impersonate"));
    }

    @Test
    void theJoinAccountCanDoOneThing() {
        assertThat(one(chart, ClusterRole.class, "unitsmith-join").getRules())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.getResources()).containsExactly("serviceaccounts/token");
                    assertThat(rule.getResourceNames()).containsExactly("unitsmith-agent");
                    assertThat(rule.getVerbs()).containsExactly("create");
                });
    }

    @Test
    void theOperatorsPodHasNoPrivilege() {
        PodSpec pod = one(chart, Deployment.class, "unitsmith-operator")
                .getSpec()
                .getTemplate()
                .getSpec();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(65532);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(pod.getVolumes()).singleElement().satisfies(volume -> {
            assertThat(volume.getName()).isEqualTo("tmp");
            assertThat(volume.getEmptyDir()).isNotNull();
        });
        Container container = pod.getContainers().getFirst();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/healthz");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        assertThat(container.getResources().getLimits()).containsKey("memory");
        assertThat(container.getImage()).isEqualTo("unitsmith/operator:0.1.0");
        assertThat(container.getEnv())
                .extracting(EnvVar::getName)
                .containsExactly("UNITSMITH_AGENT_SERVER", "POD_NAME", "POD_NAMESPACE", "POD_SERVICE_ACCOUNT");
    }

    @Test
    void aBudgetKeepsOneOfSeveralOperators() {
        assertThat(all(chart, PodDisruptionBudget.class)).isEmpty();
        assertThat(all(Chart.render(NEEDED + "replicas: 2"), PodDisruptionBudget.class))
                .hasSize(1);
    }

    @Test
    void uninstallingKeepsTheDefinitionsAndAllObjects() throws IOException {
        List<CustomResourceDefinition> definitions = all(chart, CustomResourceDefinition.class);
        try (Stream<java.nio.file.Path> files = Files.list(Chart.FOLDER.resolve("files/crds"))) {
            assertThat(definitions).hasSize((int) files.count()).isNotEmpty();
        }
        assertThat(definitions)
                .allSatisfy(definition -> assertThat(definition.getMetadata().getAnnotations())
                        .containsEntry("helm.sh/resource-policy", "keep"));
    }

    @Test
    void theDefinitionsAreTheGeneratedOnes() throws IOException {
        for (CustomResourceDefinition definition : all(chart, CustomResourceDefinition.class)) {
            String plural = definition.getSpec().getNames().getPlural();
            CustomResourceDefinition generated = Serialization.unmarshal(
                    Files.readString(Chart.FOLDER.resolve("../../crds/" + plural + ".yaml")),
                    CustomResourceDefinition.class);
            assertThat(definition.getSpec()).as(plural).isEqualTo(generated.getSpec());
        }
    }

    @Test
    void everyAdmissionPolicyIsBoundAndFailsClosed() {
        List<ValidatingAdmissionPolicy> policies = all(chart, ValidatingAdmissionPolicy.class);
        assertThat(policies).hasSizeGreaterThan(5).allSatisfy(policy -> {
            assertThat(policy.getSpec().getFailurePolicy()).isEqualTo("Fail");
            assertThat(one(
                                    chart,
                                    ValidatingAdmissionPolicyBinding.class,
                                    policy.getMetadata().getName())
                            .getSpec())
                    .satisfies(binding -> {
                        assertThat(binding.getPolicyName())
                                .isEqualTo(policy.getMetadata().getName());
                        assertThat(binding.getValidationActions()).containsExactly("Deny");
                        assertThat(binding.getMatchResources()).isNull();
                    });
        });
    }

    private static Stream<PolicyRule> rules(List<HasMetadata> manifests) {
        return Stream.concat(
                all(manifests, ClusterRole.class).stream().flatMap(role -> role.getRules().stream()),
                all(manifests, Role.class).stream().flatMap(role -> role.getRules().stream()));
    }

    private static List<PolicyRule> operatorsRules(List<HasMetadata> manifests) {
        return one(manifests, ClusterRole.class, "unitsmith-operator").getRules();
    }

    private static <T extends HasMetadata> T one(List<HasMetadata> manifests, Class<T> type, String name) {
        return all(manifests, type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }

    private static <T extends HasMetadata> List<T> all(List<HasMetadata> manifests, Class<T> type) {
        return manifests.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
