package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Clients that ask a pool's socket without a pause, as a web server does, while a test changes something. */
final class Load implements AutoCloseable {

    private static final String PROGRAM = "/usr/local/share/unitsmith-load.php";
    private static final int CLIENTS = 6;

    private final ContainerHost host;
    private final String stop;
    private final CompletableFuture<Result> result = new CompletableFuture<>();

    /** What became of all requests. */
    record Outcome(int requests, int slowestMillis, Map<String, Integer> answers, List<String> lost) {

        private static final Outcome NONE = new Outcome(0, 0, Map.of(), List.of());

        private Outcome plus(Outcome other) {
            Map<String, Integer> sum = new TreeMap<>(answers);
            other.answers.forEach((answer, count) -> sum.merge(answer, count, Integer::sum));
            List<String> all = new ArrayList<>(lost);
            all.addAll(other.lost);
            return new Outcome(
                    requests + other.requests, Math.max(slowestMillis, other.slowestMillis), sum, List.copyOf(all));
        }

        @Override
        public String toString() {
            return "%d requests, slowest %d ms, answers %s, %d lost: %s"
                    .formatted(
                            requests,
                            slowestMillis,
                            answers,
                            lost.size(),
                            lost.stream().limit(10).toList());
        }
    }

    private Load(ContainerHost host, String stop) {
        this.host = host;
        this.stop = stop;
    }

    /** On `who.php`, which says the user and the PHP version; returns once that answers. */
    static Load on(ContainerHost host, Pool pool) {
        Tenant.script(host, pool.user(), "who.php", Resource.text("who.php"));
        String script = "/home/%s/www/who.php".formatted(pool.user());
        host.execWithInput(Resource.text("load.php"), "install", "/dev/stdin", PROGRAM)
                .output();
        Load load = new Load(host, "/tmp/load-" + UUID.randomUUID());
        Thread.ofVirtual().start(() -> load.run(pool.socket(), script));
        until(
                "the load on " + pool.socket() + " has begun",
                Duration.ofSeconds(20),
                () -> pool.masterPid(host) != 0,
                () -> pool.run(host, script).toString());
        return load;
    }

    /** Ends it and counts. */
    Outcome stop() {
        host.exec("touch", stop).output();
        Outcome outcome = result.join()
                .output()
                .lines()
                .map(line -> Serialization.unmarshal(line, Outcome.class))
                .reduce(Outcome.NONE, Outcome::plus);
        System.out.println("load on " + host.name() + ": " + outcome);
        return outcome;
    }

    @Override
    public void close() {
        host.exec("touch", stop);
    }

    private void run(String socket, String script) {
        try {
            result.complete(host.exec(
                    "setpriv",
                    "--reuid=www-data",
                    "--regid=www-data",
                    "--clear-groups",
                    "php",
                    PROGRAM,
                    socket,
                    script,
                    Integer.toString(CLIENTS),
                    stop));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }
}
