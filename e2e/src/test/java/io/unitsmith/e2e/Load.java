package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.ContainerHost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Clients that ask a pool's socket without a pause, as a web server does, while a test changes something. */
final class Load implements AutoCloseable {

    private static final int CLIENTS = 6;

    /** The longest request, and what each client has yet to make. */
    private static final Duration ENDING = Duration.ofMinutes(4);

    private final ContainerHost host;
    private final String name;
    private final String folder = "/tmp/load-" + UUID.randomUUID();
    private final String stop = folder + "/stop";

    /**
     * What clients do.
     *
     * @param bytes the size of each request's body, whose hash the script has to answer first; 0 for none
     * @param pauseMillis between two requests of one client
     * @param least how many requests each client makes, however soon it is to stop
     */
    record Work(String script, int clients, int bytes, int pauseMillis, int least) {}

    /** What became of all requests. For each answer: how often it came, and when (in seconds) the last such request had begun. */
    record Outcome(
            int requests,
            int slowestMillis,
            Map<String, Integer> answers,
            Map<String, Double> lastBegun,
            List<String> lost) {

        static final Outcome NONE = new Outcome(0, 0, Map.of(), Map.of(), List.of());

        Outcome plus(Outcome other) {
            Map<String, Integer> sum = new TreeMap<>(answers);
            other.answers.forEach((answer, count) -> sum.merge(answer, count, Integer::sum));
            Map<String, Double> last = new TreeMap<>(lastBegun);
            other.lastBegun.forEach((answer, begun) -> last.merge(answer, begun, Math::max));
            List<String> all = new ArrayList<>(lost);
            all.addAll(other.lost);
            return new Outcome(
                    requests + other.requests,
                    Math.max(slowestMillis, other.slowestMillis),
                    sum,
                    last,
                    List.copyOf(all));
        }

        /** When the last request began that was answered so. */
        Instant lastBegun(String answer) {
            return Instant.ofEpochMilli((long) (Objects.requireNonNull(lastBegun.get(answer)) * 1000));
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

    private Load(ContainerHost host, String name) {
        this.host = host;
        this.name = name;
    }

    /** On `who.php`, which says the user and the PHP version; returns once that answers. */
    static Load on(ContainerHost host, Pool pool) {
        Tenant.script(host, pool.user(), "who.php", Resource.text("who.php"));
        String script = "/home/%s/www/who.php".formatted(pool.user());
        Load load = on(host, pool.socket(), new Work(script, CLIENTS, 0, 0, 0));
        until(
                "the load on " + pool.socket() + " has begun",
                Duration.ofSeconds(20),
                () -> pool.masterPid(host) != 0,
                () -> pool.run(host, script).toString());
        return load;
    }

    static Load on(ContainerHost host, String socket, Work work) {
        Load load = new Load(host, "load on " + host.name());
        load.start(
                "load.php",
                List.of("setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups"),
                socket,
                work.script(),
                Integer.toString(work.clients()),
                Integer.toString(work.bytes()),
                Integer.toString(work.pauseMillis()),
                Integer.toString(work.least()));
        return load;
    }

    /** Visits each pool at the very moments at which masters of them end; the script answers with its master's PID first. */
    static Load whereMastersEnd(ContainerHost host, List<Pool> pools, String script) {
        Load load = new Load(host, "visits where masters end on " + host.name());
        load.start("race.php", List.of(), pools.stream().map(Pool::socket).collect(Collectors.joining(",")), script);
        return load;
    }

    /** Until so many masters have ended, where their ends are what is waited for. */
    void awaitEnds(int count) {
        host.exec("timeout", "280", "sh", "-c", """
                        until [ "$(stat --format %%s %s.ends 2>/dev/null || echo 0)" -ge %d ]; do sleep 0.1; done""".formatted(stop, count)).output();
    }

    int ends() {
        return host.exec("cat", stop + ".ends").stdout().length();
    }

    /** Ends it and counts. */
    Outcome stop() {
        host.exec("touch", stop).output();
        until(
                name + " has ended",
                ENDING,
                () -> host.exec("test", "-e", stop + ".code").succeeded(),
                () -> host.sh("ps -ef; cat %s.err".formatted(stop)).toString());
        Outcome outcome = host.sh("code=$(cat %1$s.code); cat %1$s.err >&2; cat %1$s.out; rm -r %2$s; exit $code"
                        .formatted(stop, folder))
                .output()
                .lines()
                .map(line -> Serialization.unmarshal(line, Outcome.class))
                .reduce(Outcome.NONE, Outcome::plus);
        System.out.println(name + ": " + outcome);
        return outcome;
    }

    @Override
    public void close() {
        host.exec("touch", stop);
    }

    /** Beside the test: a command that the test waits for has an end after minutes. */
    private void start(String program, List<String> as, String... arguments) {
        host.exec("install", "--directory", "--mode=1777", folder).output();
        for (String file : List.of("fastcgi.php", program)) {
            host.execWithInput(Resource.text(file), "install", "/dev/stdin", folder + "/" + file)
                    .output();
        }
        String command = Stream.of(as, List.of("php", folder + "/" + program), Arrays.asList(arguments), List.of(stop))
                .flatMap(List::stream)
                .collect(Collectors.joining(" "));
        host.exec("setsid", "--fork", "sh", "-c", """
                        exec >%2$s.out 2>%2$s.err </dev/null
                        %1$s
                        echo $? >%2$s.ended
                        mv %2$s.ended %2$s.code""".formatted(command, stop)).output();
    }
}
