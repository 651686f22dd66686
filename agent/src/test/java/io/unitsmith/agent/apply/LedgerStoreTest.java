package io.unitsmith.agent.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerStoreTest {

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
    void whatIsSavedIsLoaded() throws IOException {
        var applied = new Applied(
                new WorkloadReference("PhpFpmPool", "demo", "shop", "1"),
                "r1",
                null,
                "a.socket",
                "a.service",
                Set.of("a.socket"),
                List.of(new Made("/etc/a", Layer.CONFIG, Effect.RELOAD_PAYLOAD, "hash")),
                Set.of(),
                Effect.REPLACE_PAYLOAD);
        Ledger ledger = new Ledger(Ledger.VERSION, Map.of("shop", applied), Set.of("/etc/unitsmith"));
        store.save(ledger);

        assertThat(store.load()).isEqualTo(ledger);
    }

    @Test
    void withoutAFileThereIsNothing() throws IOException {
        assertThat(store.load()).isEqualTo(Ledger.EMPTY);
    }

    @Test
    void oneThatCannotBeReadIsNotTakenForEmpty() throws IOException {
        Files.writeString(file, "{\"version\":1,\"assign");
        assertThatThrownBy(store::load).isInstanceOf(IOException.class).hasMessageContaining("cannot be read");

        Files.writeString(file, "{\"version\":2,\"assignments\":{},\"folders\":[]}");
        assertThatThrownBy(store::load).isInstanceOf(IOException.class).hasMessageContaining("version 2");
    }
}
