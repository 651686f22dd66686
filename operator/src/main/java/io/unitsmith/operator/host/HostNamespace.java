package io.unitsmith.operator.host;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.unitsmith.api.v1alpha1.Group;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostAgent;
import io.unitsmith.api.v1alpha1.HostAgentSpec;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.operator.cluster.Cluster;
import io.unitsmith.operator.cluster.Writes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a host's namespace and what belongs in it, and makes anew what is deleted. */
public final class HostNamespace {

    private static final String OPERATOR_ROLE = "unitsmith-operator-host";

    private final KubernetesClient client;
    private final Cluster cluster;
    private final Account operator;

    /** A ServiceAccount. */
    public record Account(String namespace, String name) {

        private Subject subject() {
            return new SubjectBuilder()
                    .withKind("ServiceAccount")
                    .withNamespace(namespace)
                    .withName(name)
                    .build();
        }
    }

    /**
     * For all hosts.
     *
     * @param operator the operator's own account, which gets its rights in every host's namespace
     */
    public HostNamespace(KubernetesClient client, Cluster cluster, Account operator) {
        this.client = client;
        this.cluster = cluster;
        this.operator = operator;
    }

    /** How a namespace stands. */
    enum State {
        /** All is there. */
        COMPLETE,
        /** Something was made just now, or is on its way out: its event calls again. */
        UNDER_WAY,
        /** Somebody else's namespace has that name. */
        FOREIGN
    }

    State ensure(Host host) {
        String name = host.getMetadata().getName();
        @Nullable
        Namespace namespace =
                cluster.namespaces().get(Names.hostNamespace(name)).orElse(null);
        if (namespace == null) {
            create(new NamespaceBuilder()
                    .withNewMetadata()
                    .withName(Names.hostNamespace(name))
                    .addToLabels(Group.HOST_LABEL, name)
                    .endMetadata()
                    .build());
            return State.UNDER_WAY;
        }
        if (!isOf(name, namespace)) {
            return State.FOREIGN;
        }
        return !namespace.isMarkedForDeletion() && new Contents(host).areThere() ? State.COMPLETE : State.UNDER_WAY;
    }

    /** Deletes a host's namespace, with all in it; true once it is gone. One that is not the operator's stays. */
    boolean delete(String host) {
        Optional<Namespace> namespace =
                cluster.namespaces().get(Names.hostNamespace(host)).filter(found -> isOf(host, found));
        namespace
                .filter(found -> !found.isMarkedForDeletion())
                .ifPresent(found -> client.resource(found).delete());
        return namespace.isEmpty();
    }

    private static boolean isOf(String host, Namespace namespace) {
        Map<String, String> labels = namespace.getMetadata().getLabels();
        return labels != null && host.equals(labels.get(Group.HOST_LABEL));
    }

    private void create(HasMetadata object) {
        Writes.unlessOutdated(() -> client.resource(object).create());
    }

    /** What belongs in one host's namespace. */
    private final class Contents {

        private final String host;
        private final String namespace;
        private final HostAgentSpec agent;
        private boolean complete = true;

        Contents(Host host) {
            this.host = host.getMetadata().getName();
            this.namespace = Names.hostNamespace(this.host);
            this.agent = new HostAgentSpec(host.getSpec().phpPaths());
        }

        /** Makes what is missing; false if anything was. */
        boolean areThere() {
            bind(Cluster.OPERATOR_BINDING, OPERATOR_ROLE, operator);
            if (complete) {
                makeAccounts();
                make(
                        Lease.class,
                        new LeaseBuilder().withMetadata(metadata(Names.LEASE)).build());
                make(
                        Secret.class,
                        new SecretBuilder()
                                .withMetadata(metadata(Names.AGENT_CREDENTIAL))
                                .withType("Opaque")
                                .build());
                makeAgent();
            }
            return complete;
        }

        private void makeAccounts() {
            for (String name : List.of(Names.AGENT_ACCOUNT, Names.JOIN_ACCOUNT)) {
                make(
                        ServiceAccount.class,
                        new ServiceAccountBuilder().withMetadata(metadata(name)).build());
                bind(name, name, new Account(namespace, name));
            }
        }

        private void bind(String name, String role, Account account) {
            RoleBinding wanted = new RoleBindingBuilder()
                    .withMetadata(metadata(name))
                    .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                    .withSubjects(account.subject())
                    .build();
            Optional<RoleBinding> present =
                    cluster.named(RoleBinding.class, name).get(namespace, name);
            if (present.isEmpty()) {
                make(wanted);
            } else if (!wanted.getSubjects().equals(present.get().getSubjects())) {
                update(wanted, present.get());
            }
        }

        private void makeAgent() {
            HostAgent wanted = new HostAgent();
            wanted.setMetadata(metadata(Names.HOST_AGENT));
            wanted.setSpec(agent);
            Optional<HostAgent> present = cluster.agents().get(namespace, Names.HOST_AGENT);
            if (present.isEmpty()) {
                make(wanted);
            } else if (!agent.equals(present.get().getSpec())) {
                update(wanted, present.get());
            }
        }

        private <T extends HasMetadata> void make(Class<T> type, T wanted) {
            String name = wanted.getMetadata().getName();
            if (cluster.named(type, name).get(namespace, name).isEmpty()) {
                make(wanted);
            }
        }

        private void make(HasMetadata wanted) {
            create(wanted);
            complete = false;
        }

        private void update(HasMetadata wanted, HasMetadata present) {
            wanted.getMetadata().setResourceVersion(present.getMetadata().getResourceVersion());
            Writes.unlessOutdated(
                    () -> client.resource(wanted).lockResourceVersion().update());
            complete = false;
        }

        private ObjectMeta metadata(String name) {
            return new ObjectMetaBuilder()
                    .withNamespace(namespace)
                    .withName(name)
                    .addToLabels(Group.HOST_LABEL, host)
                    .build();
        }
    }
}
