package io.unitsmith.testbed;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the {@link Run} alone, a {@link Cluster}, or a whole {@link Testbed}: one for all classes of a run, started
 * when first asked for. Tests keep out of each other's way by namespaces and names.
 */
public final class TestbedExtension implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Run.class || type == Cluster.class || type == Testbed.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = store(context);
        // the store closes the last first: the hosts go before their cluster, and the network last of all
        SharedRun run = store.computeIfAbsent(SharedRun.class, key -> new SharedRun(Run.test()), SharedRun.class);
        if (parameter.getParameter().getType() == Run.class) {
            return run.run;
        }
        SharedCluster shared =
                store.computeIfAbsent(SharedCluster.class, key -> new SharedCluster(run.run), SharedCluster.class);
        if (parameter.getParameter().getType() == Cluster.class) {
            return shared.cluster;
        }
        return store.computeIfAbsent(Testbed.class, key -> Testbed.start(run.run, shared.cluster), Testbed.class);
    }

    /** The test bed of this run, if a test has asked for it. */
    public static Optional<Testbed> running(ExtensionContext context) {
        return Optional.ofNullable(store(context).get(Testbed.class, Testbed.class));
    }

    private static Store store(ExtensionContext context) {
        return context.getRoot().getStore(Namespace.create(TestbedExtension.class));
    }

    private record SharedRun(Run run) implements AutoCloseable {

        @Override
        public void close() {
            if (!run.kept()) {
                Docker.run("network", "rm", run.network());
            }
        }
    }

    private static final class SharedCluster implements AutoCloseable {

        private final Cluster cluster;

        private SharedCluster(Run run) {
            this.cluster = Cluster.start(run);
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
