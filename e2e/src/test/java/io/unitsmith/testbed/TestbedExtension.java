package io.unitsmith.testbed;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link Cluster} alone, or a whole {@link Testbed}: one for all classes of a run, started when first asked
 * for. Tests keep out of each other's way by namespaces and names.
 */
public final class TestbedExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Cluster.class || type == Testbed.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = store(context);
        SharedCluster shared =
                store.computeIfAbsent(SharedCluster.class, key -> new SharedCluster(), SharedCluster.class);
        if (parameter.getParameter().getType() == Cluster.class) {
            return shared.cluster;
        }
        // the store closes the last first, so the hosts go before their cluster
        return store.computeIfAbsent(Testbed.class, key -> Testbed.start(shared.run, shared.cluster), Testbed.class);
    }

    /** The test bed of this run, if a test has asked for it. */
    public static Optional<Testbed> running(ExtensionContext context) {
        return Optional.ofNullable(store(context).get(Testbed.class, Testbed.class));
    }

    private static Store store(ExtensionContext context) {
        return context.getRoot().getStore(Namespace.create(TestbedExtension.class));
    }

    private static final class SharedCluster implements AutoCloseable {

        private final Run run = Run.test();
        private final Cluster cluster = Cluster.start(run);

        @Override
        public void close() {
            cluster.close();
            if (!run.kept()) {
                Docker.run("network", "rm", run.network());
            }
        }
    }
}
