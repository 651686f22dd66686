package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.unitsmith.testbed.Host;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A tenant of one test class: a namespace, UNIX users on the hosts, and a policy that allows it just these. Nobody else
 * may use the same users, since a user belongs to one namespace.
 */
final class Tenant implements AutoCloseable {

    private final Testbed bed;
    private final List<? extends Host> hosts;
    private final String namespace;
    private final List<String> users;

    private Tenant(Testbed bed, List<? extends Host> hosts, String namespace, List<String> users) {
        this.bed = bed;
        this.hosts = hosts;
        this.namespace = namespace;
        this.users = users;
    }

    static Tenant create(Testbed bed, String namespace, String... users) {
        return create(bed, bed.hosts(), namespace, users);
    }

    /** One whose users are on these hosts alone. */
    static Tenant create(Testbed bed, List<? extends Host> hosts, String namespace, String... users) {
        Tenant tenant = new Tenant(bed, hosts, namespace, List.of(users));
        for (String user : users) {
            tenant.addUser(user);
        }
        tenant.allow("""
                  users: [%s]
                  socketGroups: [www-data]
                  paths: [/home, /srv/%s]
                  mountTypes: [nfs, nfs4, cifs, smb3, sshfs, davfs, s3fs, glusterfs, ceph]
                  mountSources: ["*"]
                """.formatted(String.join(", ", users), namespace));
        return tenant;
    }

    Testbed bed() {
        return bed;
    }

    String namespace() {
        return namespace;
    }

    /** On each of its hosts, with the home that the hosts' skeleton gives. */
    void addUser(String user) {
        hosts.forEach(host -> addUser(host, user));
    }

    static void addUser(Host host, String user) {
        host.sh("id %1$s >/dev/null 2>&1 || useradd --create-home %1$s && chmod 0750 /home/%1$s".formatted(user))
                .output();
    }

    void removeUser(String user) {
        for (Host host : hosts) {
            // processes that are just ending are no reason to keep it
            host.exec("userdel", "--force", "--remove", user);
        }
    }

    /** Replaces the tenant's policy. */
    void allow(String permissions) {
        bed.cluster().apply("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: unitsmith.io/v1alpha1
                kind: TenantPolicy
                metadata: {name: %1$s}
                spec:
                  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                  hostSelector: {matchExpressions: [{key: forbidden, operator: DoesNotExist}]}
                %2$s""".formatted(namespace, permissions));
    }

    Pool pool(String name, String user) {
        return new Pool(this, name, user);
    }

    Mount mount(String name) {
        return new Mount(this, name);
    }

    /** What `kubectl apply` in the tenant's namespace says to this, whether it is accepted or not. */
    Result apply(String yaml) {
        return bed.cluster()
                .container()
                .execWithInput(
                        yaml,
                        "k3s",
                        "kubectl",
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--namespace",
                        namespace,
                        "--filename",
                        "-");
    }

    Result kubectl(String arguments) {
        return bed.cluster().kubectl(("--namespace " + namespace + " " + arguments).split(" "));
    }

    void secret(String name, Map<String, String> content) {
        bed.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withStringData(content)
                        .build())
                .serverSideApply();
    }

    /** Puts a file of PHP into a user's home, on each of the hosts. */
    void script(String user, String name, String php) {
        hosts.forEach(host -> script(host, user, name, php));
    }

    static void script(Host host, String user, String name, String php) {
        host.execWithInput(
                        php,
                        "install",
                        "-D",
                        "--owner=" + user,
                        "--group=" + user,
                        "/dev/stdin",
                        "/home/%s/www/%s".formatted(user, name))
                .output();
    }

    /** Takes all workloads away as a user does, and waits for it. */
    void deleteWorkloads() {
        kubectl("delete phpfpmpools,remotemounts --all --wait=false").output();
        until(
                "the workloads of " + namespace + " are gone",
                Duration.ofMinutes(1),
                () -> kubectl("get phpfpmpools,remotemounts --output name")
                        .output()
                        .isEmpty(),
                () -> kubectl("get phpfpmpools,remotemounts --output yaml").stdout()
                        + bed.cluster()
                                .kubectl("get", "hostassignments", "-A", "--output", "yaml")
                                .stdout());
    }

    @Override
    public void close() {
        deleteWorkloads();
        bed.cluster().kubectl("delete", "tenantpolicy", namespace, "--ignore-not-found");
        bed.cluster().kubectl("delete", "namespace", namespace, "--wait=false");
        users.forEach(this::removeUser);
    }
}
