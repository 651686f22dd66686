package io.unitsmith.e2e;

import io.unitsmith.testbed.ContainerHost;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Something done to a host again and again, while a test does something else. */
final class Disturbance implements AutoCloseable {

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger count = new AtomicInteger();
    private final CompletableFuture<Void> work;

    private Disturbance(ContainerHost host, String script) {
        this.work = CompletableFuture.runAsync(
                () -> {
                    while (!over.get()) {
                        host.sh(script);
                        count.incrementAndGet();
                    }
                },
                Thread::startVirtualThread);
    }

    static Disturbance on(ContainerHost host, String script) {
        return new Disturbance(host, script);
    }

    /** How often it has been done. */
    int count() {
        return count.get();
    }

    @Override
    public void close() {
        over.set(true);
        work.join();
    }
}
