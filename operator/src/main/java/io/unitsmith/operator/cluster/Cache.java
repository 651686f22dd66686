package io.unitsmith.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All objects of one kind, as the API server last told. What comes out is shared: it must not be changed. */
public final class Cache<T extends HasMetadata> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Cache.class);

    private final SharedIndexInformer<T> informer;

    Cache(Informable<T> source, Map<String, Function<T, List<String>>> indexes) {
        informer = source.runnableInformer(0);
        informer.addIndexers(indexes);
        informer.exceptionHandler((started, failure) -> {
            LOG.warn(
                    "Watching {} failed; trying again",
                    informer.getApiTypeClass().getSimpleName(),
                    failure);
            return true;
        });
    }

    CompletableFuture<Void> start() {
        return informer.start().toCompletableFuture();
    }

    boolean hasSynced() {
        return informer.hasSynced();
    }

    public List<T> list() {
        return informer.getIndexer().list();
    }

    /** The cluster-scoped object of this name. */
    public Optional<T> get(String name) {
        return Optional.ofNullable(informer.getIndexer().getByKey(name));
    }

    public Optional<T> get(String namespace, String name) {
        return get(namespace + "/" + name);
    }

    List<T> byIndex(String index, String key) {
        return informer.getIndexer().byIndex(index, key);
    }

    /** Calls the listener for all that is there, and for every change from then on. It must return quickly. */
    public void onChange(Consumer<Change<T>> listener) {
        informer.addEventHandler(new ResourceEventHandler<T>() {
            @Override
            public void onAdd(T object) {
                listener.accept(new Change<>(null, object));
            }

            @Override
            public void onUpdate(T before, T after) {
                listener.accept(new Change<>(before, after));
            }

            @Override
            public void onDelete(@Nullable T object, boolean finalStateUnknown) {
                if (object != null) {
                    listener.accept(new Change<>(object, null));
                }
            }
        });
    }

    @Override
    public void close() {
        informer.stop();
    }
}
