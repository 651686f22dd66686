package io.unitsmith.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.FakeSystemd;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.source.DesiredState;
import io.unitsmith.agent.source.Manifests.Reading;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Apply and delete that are cut off at every single write: what the agent then finds is whole, and they can be run again. */
class CutOffTest {

    private static final String POOL = """
            apiVersion: unitsmith.io/v1alpha1
            kind: PhpFpmPool
            metadata: {name: shop}
            spec: {user: alice, phpVersion: "8.4", phpAdminValues: {memory_limit: %s}}
            """;

    private static final String MOUNT = """
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: key}
            stringData: {privateKey: "%s", knownHosts: "files ssh-ed25519 AAAA"}
            ---
            apiVersion: unitsmith.io/v1alpha1
            kind: RemoteMount
            metadata: {name: files}
            spec:
              type: sshfs
              source: files@files:/srv
              path: /srv/files
              credentials: {secretRef: {name: key}}
            """;

    private static final String OLD = POOL.formatted("128M") + MOUNT.formatted("one");
    private static final String NEW = POOL.formatted("256M") + MOUNT.formatted("two");
    private static final Map<String, String> NOTHING = Map.of("shop", "nothing", "files", "nothing");

    @TempDir
    private Path folder;

    private int hosts;

    private static final class CutOff extends Error {}

    @Test
    void applyOfSomethingNew() throws IOException {
        everywhere("apply", NEW, host -> {});
    }

    @Test
    void applyOfAnEdit() throws IOException {
        everywhere("apply", NEW, host -> host.run("apply", OLD));
    }

    @Test
    void applyOfWhatIsBeingDeleted() throws IOException {
        everywhere("apply", NEW, host -> {
            host.run("apply", OLD);
            host.run("delete", OLD);
        });
    }

    @Test
    void delete() throws IOException {
        everywhere("delete", OLD, host -> host.run("apply", OLD));
    }

    private interface Before {
        void on(Host host) throws IOException;
    }

    private void everywhere(String command, String manifests, Before before) throws IOException {
        Host whole = new Host();
        before.on(whole);
        Map<String, String> previous = whole.asked();
        whole.run(command, manifests);
        Map<String, String> desired = whole.asked();
        assertThat(desired).as("control: it changes something").isNotEqualTo(previous);

        int moments = 0;
        while (isCutOffAt(moments + 1, command, manifests, before, previous, desired)) {
            moments++;
        }
        assertThat(moments).isGreaterThan(5);
    }

    /** Returns whether the moment came. */
    private boolean isCutOffAt(
            int moment,
            String command,
            String manifests,
            Before before,
            Map<String, String> previous,
            Map<String, String> desired)
            throws IOException {
        Host host = new Host();
        before.on(host);
        boolean cut = host.runUntil(moment, command, manifests);

        host.asked()
                .forEach((name, part) -> assertThat(part)
                        .as("%s, cut off at write %d", name, moment)
                        .isIn(previous.get(name), desired.get(name)));
        host.run(command, manifests);
        assertThat(host.asked())
                .as("run again after it was cut off at write %d", moment)
                .isEqualTo(desired);
        return cut;
    }

    private final class Host {

        private final Path root;
        private final StringWriter said = new StringWriter();

        Host() throws IOException {
            root = Files.createDirectory(folder.resolve("host-" + ++hosts));
            Files.createDirectory(root.resolve("run"));
            Path units = Files.createDirectories(root.resolve("etc/systemd/system"));
            Files.writeString(units.resolve(AgentUnit.NAME), "[Service]\n");
        }

        /** What the agent would read of each workload, its Secret included. */
        Map<String, String> asked() throws IOException {
            Machine machine = machine(Checkpoint.NONE);
            assertThat(machine.manifests().read().orElse(Reading.NOTHING).faults())
                    .isEmpty();
            Map<String, String> parts = new TreeMap<>(NOTHING);
            DesiredState.of(machine.asked())
                    .assignments()
                    .values()
                    .forEach(assignment -> parts.put(assignment.workload().name(), assignment.toString()));
            return parts;
        }

        void run(String command, String manifests) throws IOException {
            assertThat(run(command, manifests, Checkpoint.NONE))
                    .as("without an agent that would do it: %s", said)
                    .isEqualTo(Convergence.NOT_CONVERGED);
        }

        boolean runUntil(int moment, String command, String manifests) throws IOException {
            int[] moments = {0};
            try {
                run(command, manifests, what -> {
                    if (++moments[0] == moment) {
                        throw new CutOff();
                    }
                });
                return false;
            } catch (CutOff e) {
                return true;
            }
        }

        private int run(String command, String manifests, Checkpoint checkpoint) throws IOException {
            Path file = root.resolve("in.yaml");
            Files.writeString(file, manifests);
            Machine machine = machine(checkpoint);
            CommandLine line = Unitsmith.handling(
                    new CommandLine(command.equals("apply") ? new ApplyCommand(machine) : new DeleteCommand(machine)));
            line.setErr(new PrintWriter(said)).setOut(new PrintWriter(said));
            return line.execute("-f", file.toString(), "--timeout", "1s");
        }

        private Machine machine(Checkpoint checkpoint) {
            return new Machine(new AtomicFiles(root, checkpoint), new FakeSystemd(root), aMinuteLaterEachTime());
        }
    }

    /** So that nobody waits for an agent. */
    private static Clock aMinuteLaterEachTime() {
        long[] minutes = {0};
        InstantSource source = () -> Instant.EPOCH.plus(Duration.ofMinutes(++minutes[0]));
        return source.withZone(ZoneOffset.UTC);
    }
}
