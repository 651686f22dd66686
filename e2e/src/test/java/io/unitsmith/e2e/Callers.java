package io.unitsmith.e2e;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GroupVersionForDiscovery;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Clients with others' tokens, and what they may do. */
final class Callers implements AutoCloseable {

    /** Stands for every name that no rule is about. */
    private static final String ANY = "any";

    private final KubernetesClient admin;
    private final List<KubernetesClient> clients = new ArrayList<>();
    private final List<Resource> resources;
    private final Set<String> everybodys;

    private record Resource(String group, String name, String subresource, List<String> verbs) {
        @Override
        public String toString() {
            return name + (group.isEmpty() ? "" : "." + group) + (subresource.isEmpty() ? "" : "/" + subresource);
        }
    }

    Callers(KubernetesClient admin) {
        this.admin = admin;
        this.resources = Stream.concat(
                        admin.getApiResources("v1").getResources().stream().map(resource -> resource("", resource)),
                        admin.getApiGroups().getGroups().stream()
                                .flatMap(group -> group.getVersions().stream()
                                        .map(GroupVersionForDiscovery::getGroupVersion)
                                        .flatMap(version -> admin.getApiResources(version).getResources().stream())
                                        .map(resource -> resource(group.getName(), resource))))
                .distinct()
                .toList();
        this.everybodys = all(of("default", "default"), "default");
    }

    KubernetesClient with(String token) {
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withAutoConfigure(false)
                        .withMasterUrl(admin.getMasterUrl().toString())
                        .withCaCertData(admin.getConfiguration().getCaCertData())
                        .withOauthToken(token)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        clients.add(client);
        return client;
    }

    KubernetesClient of(String namespace, String account) {
        return with(admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
                .getStatus()
                .getToken());
    }

    /** Everything that it may do in a namespace, or cluster-wide if that is empty, beyond what every ServiceAccount may. */
    Set<String> permissions(KubernetesClient caller, String namespace) {
        Set<String> permissions = all(caller, namespace);
        permissions.removeAll(everybodys);
        return permissions;
    }

    boolean may(KubernetesClient caller, String verb, String resource) {
        return isAllowed(caller, "", verb, new Resource("", resource, "", List.of(verb)), ANY);
    }

    @Override
    public void close() {
        clients.forEach(KubernetesClient::close);
    }

    static ClusterRole roleToMakeNamespaces() {
        return new ClusterRoleBuilder()
                .withNewMetadata()
                .withName("access-makes-namespaces")
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("namespaces")
                .withVerbs("create", "get", "patch")
                .endRule()
                .build();
    }

    static ClusterRoleBinding bindingToMakeNamespaces(String namespace) {
        return new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("access-makes-namespaces")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "access-makes-namespaces")
                .addNewSubject("", "ServiceAccount", "default", namespace)
                .build();
    }

    private Set<String> all(KubernetesClient caller, String namespace) {
        List<String> names = namesInRules(caller, namespace);
        List<Future<List<String>>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Resource resource : resources) {
                for (String verb : resource.verbs()) {
                    answers.add(threads.submit(() -> allowed(caller, namespace, verb, resource, names)));
                }
            }
        }
        Set<String> allowed = new TreeSet<>();
        answers.forEach(answer -> allowed.addAll(answer.resultNow()));
        return allowed;
    }

    private static List<String> namesInRules(KubernetesClient caller, String namespace) {
        SelfSubjectRulesReview question = new SelfSubjectRulesReviewBuilder()
                .withNewSpec()
                .withNamespace(namespace.isEmpty() ? "default" : namespace)
                .endSpec()
                .build();
        return caller
                .authorization()
                .v1()
                .selfSubjectRulesReview()
                .create(question)
                .getStatus()
                .getResourceRules()
                .stream()
                .flatMap(rule -> rule.getResourceNames().stream())
                .distinct()
                .toList();
    }

    private static List<String> allowed(
            KubernetesClient caller, String namespace, String verb, Resource resource, List<String> names) {
        String permission = verb + " " + resource;
        return isAllowed(caller, namespace, verb, resource, ANY)
                ? List.of(permission)
                : names.stream()
                        .filter(name -> isAllowed(caller, namespace, verb, resource, name))
                        .map(name -> permission + " named " + name)
                        .toList();
    }

    private static boolean isAllowed(
            KubernetesClient caller, String namespace, String verb, Resource resource, String object) {
        SelfSubjectAccessReview question = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withVerb(verb)
                .withGroup(resource.group())
                .withResource(resource.name())
                .withSubresource(resource.subresource())
                .withName(object)
                .endResourceAttributes()
                .endSpec()
                .build();
        return caller.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(question)
                .getStatus()
                .getAllowed();
    }

    private static Resource resource(String group, APIResource resource) {
        String[] parts = resource.getName().split("/", 2);
        return new Resource(group, parts[0], parts.length == 1 ? "" : parts[1], resource.getVerbs());
    }
}
