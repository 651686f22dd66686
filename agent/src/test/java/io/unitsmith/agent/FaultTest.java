package io.unitsmith.agent;

import static io.unitsmith.agent.TestHost.mount;
import static io.unitsmith.agent.TestHost.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.Faults.Fault;
import io.unitsmith.agent.Faults.Killed;
import io.unitsmith.agent.apply.LedgerStore;
import io.unitsmith.agent.apply.LedgerStore.Reading.Whole;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.systemd.SystemdException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fault at every single step of a change: the agent is killed, the disk fails or is full, a job fails, the bus is lost.
 * Afterwards the host and the ledger are as before or as asked for, and nothing between.
 */
@Tag("soak")
class FaultTest {

    /** Every n-th point of the large batches; all of them in `make soak`. */
    private static final int STRIDE = Boolean.parseBoolean(System.getenv("UNITSMITH_SOAK")) ? 1 : 53;

    private static final Path MEMORY = Path.of("/dev/shm");

    /** Read by `make soak`'s report, as those of the e2e tests are. */
    private static final Path FIGURES = Path.of("target/figures/faults.tsv");

    private static final LongAdder STRUCK = new LongAdder();
    private static long begun;

    private Path folder;
    private int hosts;

    /**
     * A change.
     *
     * @param undoable whether it is taken back when it fails; a removal is not
     */
    record Scenario(String name, int stride, boolean undoable, Consumer<TestHost> before, Consumer<TestHost> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Scenario> scenarios() {
        return Stream.of(
                new Scenario("the first of both kinds", 1, true, host -> {}, host -> {
                    host.live("shop", pool("r1", "alice", "8.4", "128M"));
                    host.live("files", mount("r1", "/srv/files", true));
                }),
                new Scenario(
                        "a setting is edited",
                        1,
                        true,
                        FaultTest::pools,
                        host -> host.live("shop", pool("r2", "alice", "8.4", "256M"))),
                new Scenario(
                        "another PHP version",
                        1,
                        true,
                        FaultTest::pools,
                        host -> host.live("shop", pool("r2", "alice", "8.2", "128M"))),
                new Scenario(
                        "a mount loses its automount",
                        1,
                        true,
                        FaultTest::mounts,
                        host -> host.live("files", mount("r2", "/srv/files", false))),
                new Scenario(
                        "a mount that nobody uses loses its automount",
                        1,
                        true,
                        host -> {
                            host.live("files", mount("r1", "/srv/files", true));
                            host.turn();
                        },
                        host -> host.live("files", mount("r2", "/srv/files", false))),
                new Scenario("a pool and a mount are removed", 1, false, FaultTest::both, host -> {
                    host.remove("shop");
                    host.remove("files");
                }),
                new Scenario("a batch of 20 is created", STRIDE, true, host -> {}, host -> batch(host, "r1", "128M")),
                new Scenario(
                        "a batch of 20 is edited",
                        STRIDE,
                        true,
                        host -> {
                            batch(host, "r1", "128M");
                            host.turn();
                        },
                        host -> batch(host, "r2", "256M")),
                new Scenario(
                        "a batch of 20 is removed",
                        STRIDE,
                        false,
                        host -> {
                            batch(host, "r1", "128M");
                            host.turn();
                        },
                        host -> Set.copyOf(host.assignments.keySet()).forEach(host::remove)));
    }

    private static Stream<Arguments> points() {
        return scenarios().flatMap(scenario -> Stream.of(Fault.values()).map(fault -> Arguments.of(scenario, fault)));
    }

    private static void pools(TestHost host) {
        host.live("shop", pool("r1", "alice", "8.4", "128M"));
        host.live("blog", pool("r1", "alice", "8.4", "128M"));
        host.turn();
        host.systemd.activate("unitsmith-fpm@demo.shop.service");
    }

    private static void mounts(TestHost host) {
        host.live("files", mount("r1", "/srv/files", true));
        host.turn();
        host.systemd.activate("srv-files.mount");
    }

    private static void both(TestHost host) {
        pools(host);
        mounts(host);
    }

    private static void batch(TestHost host, String revision, String memory) {
        for (int i = 0; i < 15; i++) {
            host.live("shop" + i, pool(revision, "alice", "8.4", memory));
        }
        for (int i = 0; i < 5; i++) {
            host.live("files" + i, mount(revision, "/srv/files" + i, revision.equals("r1")));
        }
    }

    @BeforeEach
    void setUp() throws IOException {
        folder = Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "unitsmith-")
                : Files.createTempDirectory("unitsmith-");
    }

    @AfterEach
    void tearDown() throws IOException {
        clear(folder);
    }

    @BeforeAll
    static void begin() {
        begun = System.nanoTime();
    }

    @AfterAll
    static void tell() throws IOException {
        Files.createDirectories(FIGURES.getParent());
        Files.writeString(
                FIGURES,
                "points of changes at which a fault struck\t%d\t0 states between\t%d%n"
                        .formatted(
                                STRUCK.sum(),
                                Duration.ofNanos(System.nanoTime() - begun).toSeconds()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("points")
    @Execution(ExecutionMode.CONCURRENT)
    void leavesNothingBetween(Scenario scenario, Fault fault) throws IOException {
        TestHost whole = host();
        scenario.before().accept(whole);
        State previous = State.of(whole);
        scenario.change().accept(whole);
        Faults counting = Faults.none(fault);
        counting.of(whole);
        whole.turn();
        settle(whole);
        State desired = State.of(whole);
        clear(whole.root);

        int points = 0;
        for (int point = 1; point <= counting.points(); point += scenario.stride()) {
            String where = "%s, %s at %d of %d".formatted(scenario, fault, point, counting.points());
            TestHost host = host();
            scenario.before().accept(host);
            scenario.change().accept(host);
            strike(scenario, fault, point, host, previous, desired, where);
            points++;
            clear(host.root);
        }
        STRUCK.add(points);
        System.out.printf("%s, %s: %d of %d points, 0 states between%n", scenario, fault, points, counting.points());
        assertThat(counting.points())
                .as("points where this fault can strike: %s", scenario)
                .isGreaterThanOrEqualTo(counting.steps());
        assertThat(points).isPositive();
    }

    private void strike(
            Scenario scenario, Fault fault, int point, TestHost host, State previous, State desired, String where)
            throws IOException {
        Faults faults = Faults.at(fault, point);
        faults.of(host);
        boolean ended = false;
        try {
            host.turn();
        } catch (Killed | SystemdException | UncheckedIOException e) {
            ended = true;
        }
        assertThat(faults.struck()).as(where).isTrue();
        if (!ended && scenario.undoable()) {
            State now = State.of(host);
            host.assignments
                    .keySet()
                    .forEach(name -> assertThat(now.of(name))
                            .as(
                                    "%s at once: %s; other than asked for: %s; other than before: %s",
                                    name,
                                    where,
                                    now.of(name).differences(desired.of(name)),
                                    now.of(name).differences(previous.of(name)))
                            .isIn(previous.of(name), desired.of(name)));
        }
        faults.lift();
        if (fault == Fault.KILL || point % 2 == 0) {
            host.start(Checkpoint.NONE); // another process, or the same
        }
        settle(host);
        State end = State.of(host);
        assertThat(end)
                .as("%s: %s, %s", where, end.differences(desired), desired.differences(end))
                .isEqualTo(desired);
        assertLedgerIsWhole(host, where);
    }

    /** Until nothing is left to try again. */
    private static void settle(TestHost host) {
        for (int i = 0; i < 6; i++) {
            host.clock.pass(Duration.ofSeconds(11));
            host.turn();
        }
    }

    private static void assertLedgerIsWhole(TestHost host, String where) throws IOException {
        AtomicFiles files = new AtomicFiles(host.root, Checkpoint.NONE);
        Ledger ledger = ((Whole) new LedgerStore(files).read()).ledger();
        ledger.assignments().forEach((name, applied) -> {
            assertThat(applied.pending()).as("pending of %s: %s", name, where).isNull();
            assertThat(applied.proof()).as("proof of %s: %s", name, where).isNull();
            assertThat(applied.entries())
                    .as(where)
                    .allMatch(made -> Files.exists(files.at(made.path()), LinkOption.NOFOLLOW_LINKS));
        });
        assertThat(ledger.assignments().keySet())
                .as("what is removed is not in the ledger: %s", where)
                .isEqualTo(host.assignments.values().stream()
                        .filter(assignment -> !assignment.remove())
                        .map(assignment -> assignment.name())
                        .collect(Collectors.toSet()));
    }

    /**
     * Everything on a host but the agent's own notes.
     *
     * @param active the units that are, and whether they are as their files say
     */
    private record State(Map<String, String> tree, Map<String, String> active) {

        static State of(TestHost host) {
            Map<String, String> tree = host.tree();
            tree.keySet().removeIf(path -> path.startsWith("var/lib/unitsmith") || path.startsWith("run/unitsmith"));
            Map<String, String> active = new TreeMap<>();
            host.systemd.active().forEach(unit -> active.put(unit, host.systemd.stateOf(unit)));
            return new State(tree, active);
        }

        Set<String> differences(State other) {
            Set<Map.Entry<String, String>> differences = new HashSet<>(tree.entrySet());
            differences.addAll(active.entrySet());
            differences.removeAll(other.tree.entrySet());
            differences.removeAll(other.active.entrySet());
            return differences.stream().map(Map.Entry::getKey).collect(Collectors.toSet());
        }

        /** What is one assignment's alone. */
        State of(String assignment) {
            return new State(part(tree, assignment), part(active, assignment));
        }

        private static Map<String, String> part(Map<String, String> all, String assignment) {
            Map<String, String> part = new TreeMap<>(all);
            part.keySet()
                    .removeIf(name ->
                            !name.contains("demo." + assignment + ".") && !name.contains("srv-" + assignment + "."));
            return part;
        }
    }

    private TestHost host() throws IOException {
        return new TestHost(Files.createDirectory(folder.resolve("host-" + ++hosts)));
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
