package io.unitsmith.agent.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unitsmith.agent.apply.LedgerStore.Reading;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.plan.Ledger.Proof;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerStoreTest {

    private static final Ledger LEDGER = new Ledger(
            Ledger.VERSION,
            Map.of(
                    "shop",
                    new Applied(
                            new WorkloadReference("PhpFpmPool", "demo", "shop", "1"),
                            "r1",
                            null,
                            "a.socket",
                            "a.service",
                            Set.of("a.socket"),
                            List.of(new Made("/etc/über", Layer.CONFIG, Effect.RELOAD_PAYLOAD, "hash")),
                            Set.of(),
                            Effect.REPLACE_PAYLOAD,
                            new Proof("2026-01-01T00:00:00Z", Set.of("a.socket"), "12 abc"))),
            Set.of("/etc/unitsmith"));

    @TempDir
    private Path root;

    private Path file;
    private LedgerStore store;

    @BeforeEach
    void setUp() throws IOException {
        file = root.resolve("var/lib/unitsmith/ledger.json");
        Files.createDirectories(file.getParent());
        store = new LedgerStore(new AtomicFiles(root, Checkpoint.NONE));
    }

    @Test
    void whatIsSavedIsRead() throws IOException {
        store.save(LEDGER);

        assertThat(store.read()).isEqualTo(new Reading.Whole(LEDGER));
    }

    @Test
    void peopleCanReadItAndCheckItsChecksum() throws IOException {
        store.save(LEDGER);
        List<String> lines = Files.readAllLines(file);

        assertThat(lines.subList(0, 3))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("{"),
                        line -> assertThat(line).isEqualTo("  \"version\" : 2,"),
                        line -> assertThat(line).isEqualTo("  \"sha256\" : \"" + checksum(lines) + "\","));
        assertThat(lines).contains("      \"revision\" : \"r1\",");
    }

    /** What {@code grep -v '"sha256"' | sha256sum} prints. */
    private static String checksum(List<String> lines) {
        return Names.hash(lines.stream()
                .filter(line -> !line.contains("\"sha256\""))
                .collect(Collectors.joining("\n", "", "\n")));
    }

    @Test
    void withoutAFileThereIsNothing() throws IOException {
        assertThat(store.read()).isEqualTo(new Reading.Missing());
    }

    @Test
    void howeverItIsDamagedItShows() throws IOException {
        store.save(LEDGER);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(store.read()).as("cut after %d bytes", length).isInstanceOf(Reading.Damaged.class);
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            Files.write(file, flipped);
            assertThat(store.read()).as("another byte at %d", at).isInstanceOf(Reading.Damaged.class);
        }
    }

    @Test
    void oneFromBeforeThereWereChecksumsIsRead() throws IOException {
        Files.writeString(file, """
                {"version":1,"assignments":{"shop":{"workload":{"kind":"PhpFpmPool","namespace":"demo","name":"shop",\
                "uid":"1"},"revision":"r1","secret":null,"trigger":"a.socket","payload":"a.service",\
                "claims":["a.socket"],"entries":[{"path":"/etc/über","layer":"CONFIG","effect":"RELOAD_PAYLOAD",\
                "fingerprint":"hash"}],"retiring":[],"pending":"REPLACE_PAYLOAD"}},"folders":["/etc/unitsmith"]}""");

        Applied proved = LEDGER.assignments().get("shop").proving(null);
        assertThat(store.read()).isEqualTo(new Reading.Old(LEDGER.with("shop", proved)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "null", "[]", "{}", "{\"version\":1}", "{\"version\":1,\"assign"})
    void whatIsNoLedgerIsDamaged(String text) throws IOException {
        Files.writeString(file, text);

        assertThat(store.read()).isInstanceOf(Reading.Damaged.class);
    }

    @Test
    void oneOfANewerAgentIsRefusedAndNotTakenForDamaged() throws IOException {
        writeWithChecksum(List.of("{", "  \"version\" : 3,", "  \"workloads\" : { }", "}"));
        assertThatThrownBy(store::read).isInstanceOf(IOException.class).hasMessageContaining("version 3");

        writeWithChecksum(List.of(
                "{",
                "  \"version\" : 2,",
                "  \"assignments\" : { },",
                "  \"folders\" : [ ],",
                "  \"novelty\" : { }",
                "}"));
        assertThatThrownBy(store::read).isInstanceOf(IOException.class).hasMessageContaining("novelty");
    }

    private void writeWithChecksum(List<String> lines) throws IOException {
        List<String> all = new ArrayList<>(lines);
        all.add(2, "  \"sha256\" : \"" + checksum(lines) + "\",");
        Files.write(file, all);
    }
}
