package io.unitsmith.e2e.hostile;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Hostile input is refused, or systemd, the mount helpers and PHP get to see exactly what was asked for. */
@Tag("soak")
@Timeout(3600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BesideTheOthers
class HostileInputE2E {

    private static final int BATCH = 500;
    private static final int HELPERS = 60;

    private final long seed = Seed.get();
    private final Run run = Run.test();
    private final HostileHost host = new HostileHost(ContainerHost.start(run, "hostile", "trixie"));

    @AfterEach
    void cleanUp() {
        host.clean();
    }

    @AfterAll
    void removeHost() {
        if (!run.kept()) {
            host.host().remove();
        }
    }

    @Test
    void systemdReadsUnitsAsTheyWereAskedFor() {
        Counts workloads = Counts.of("hostile workloads read back from systemd", 1000, 10_000);
        int read = 0;
        for (int from = 0; from < workloads.count(); from += BATCH) {
            Map<HostileWorkload, Rendering> accepted =
                    accepted(IntStream.range(from, Math.min(from + BATCH, workloads.count())));
            host.write(accepted.values());
            host.host().exec("systemctl", "daemon-reload").output();
            Map<String, Map<String, JsonNode>> properties = host.properties(accepted.values().stream()
                    .flatMap(HostileInputE2E::units)
                    .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
            accepted.forEach((hostile, rendering) -> new UnitsReadBack(hostile, rendering, properties).check());
            read += accepted.size();
            host.clean();
        }
        workloads.result("%d refused, %d exactly as asked for, 0 otherwise".formatted(workloads.count() - read, read));
    }

    private static Stream<String> units(Rendering rendering) {
        return rendering.payload().endsWith(".mount")
                ? Stream.of(rendering.trigger(), rendering.payload(), mountPoint(rendering))
                : Stream.of(rendering.trigger(), rendering.payload());
    }

    /** The unit of a mount that makes its folder. */
    static String mountPoint(Rendering rendering) {
        return rendering.entries().stream()
                .map(entry -> entry.path().substring(entry.path().lastIndexOf('/') + 1))
                .filter(name -> name.startsWith("unitsmith-mountpoint-"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void mountHelpersGetTheArgumentsThatWereAskedFor() {
        host.fakeMountHelpers();
        Map<HostileWorkload, Rendering> mounts = new LinkedHashMap<>();
        accepted(IntStream.range(0, 20 * HELPERS).map(i -> 2 * i)).forEach((hostile, rendering) -> {
            if (mounts.size() < HELPERS) {
                mounts.put(hostile, rendering);
            }
        });
        assertThat(mounts).hasSize(HELPERS);
        host.write(mounts.values());
        host.host().exec("systemctl", "daemon-reload").output();
        List<String> start = new ArrayList<>(List.of("systemctl", "start", "--no-block"));
        mounts.values().forEach(rendering -> start.add(rendering.payload()));
        host.host().exec(start.toArray(String[]::new)).output();
        until(
                "every mount helper has run",
                Duration.ofSeconds(60),
                () -> host.recorded() == HELPERS,
                () -> host.recorded() + " have"
                        + host.host()
                                .exec("systemctl", "--failed", "--no-pager")
                                .stdout());

        Map<String, List<String>> byPath = new TreeMap<>();
        host.arguments().forEach(arguments -> byPath.put(arguments.get(1), arguments));
        mounts.forEach((hostile, rendering) -> {
            List<String> arguments = byPath.get(hostile.mount().path());
            assertThat(arguments).as(hostile.toString()).isNotNull().hasSize(4);
            assertThat(arguments.getFirst())
                    .as(hostile.toString())
                    .isEqualTo(hostile.mount().source());
            assertThat(arguments.get(2)).isEqualTo("-o");
            assertThat(Arrays.asList(arguments.get(3).split(",", -1)))
                    .as(hostile.toString())
                    .containsAll(hostile.mount().options())
                    .contains("nosuid", "nodev");
        });
        System.out.printf("• %d hostile mounts: every helper got what was asked for%n", HELPERS);
    }

    @Test
    void phpGetsTheValuesThatWereAskedFor() {
        Counts values = Counts.of("hostile values read back from PHP", 1000, 10_000);
        List<PhpValues> pools = PhpValues.pools(seed, values.count());
        int arrived = 0;
        for (int from = 0; from < pools.size(); from += 20) {
            List<PhpValues> batch = pools.subList(from, Math.min(from + 20, pools.size()));
            arrived += PhpValues.check(host, batch);
            host.clean();
        }
        values.result("%d refused, %d exactly as asked for, 0 otherwise".formatted(values.count() - arrived, arrived));
    }

    /** Those that are not refused; of two that want the same unit, the first. */
    private Map<HostileWorkload, Rendering> accepted(IntStream indexes) {
        Map<HostileWorkload, Rendering> accepted = new LinkedHashMap<>();
        TreeSet<String> units = new TreeSet<>();
        indexes.mapToObj(index -> HostileWorkload.of(seed, index)).forEach(hostile -> {
            Optional<Rendering> rendering = hostile.rendering();
            if (rendering.isPresent() && units.add(rendering.get().payload())) {
                accepted.put(hostile, rendering.get());
            } else if (rendering.isEmpty()) {
                assertThat(hostile.problems()).as(hostile.toString()).isNotEmpty();
            }
        });
        return accepted;
    }

    /** The instance of a pool of these tests. */
    static String instance(HostileWorkload hostile) {
        return Names.instance(
                hostile.reference().namespace(), hostile.reference().name());
    }
}
