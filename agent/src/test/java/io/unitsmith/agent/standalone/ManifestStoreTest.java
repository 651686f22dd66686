package io.unitsmith.agent.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.source.ManifestDocument;
import io.unitsmith.agent.source.ManifestFolder;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.agent.source.Manifests.Reading;
import io.unitsmith.agent.standalone.ManifestStore.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestStoreTest {

    private static final String FOLDER = "/manifests";
    private static final String POOL = """
            apiVersion: unitsmith.io/v1alpha1
            kind: PhpFpmPool
            metadata: {name: shop, namespace: customer-a}
            spec: {user: alice, phpVersion: "8.4", phpAdminValues: {memory_limit: "128M"}}
            """;

    @TempDir
    private Path root;

    private AtomicFiles files;
    private ManifestStore store;

    @BeforeEach
    void setUp() {
        files = new AtomicFiles(root, Checkpoint.NONE);
        store = new ManifestStore(files, FOLDER);
    }

    @Test
    void anObjectIsCreatedThenUnchangedThenConfigured() throws IOException {
        assertThat(store.outcome(document(POOL), there())).isEqualTo(Outcome.CREATED);
        store.store(document(POOL));
        assertThat(store.outcome(document(POOL), there())).isEqualTo(Outcome.UNCHANGED);
        ManifestDocument edited = document(POOL.replace("128M", "256M"));
        assertThat(store.outcome(edited, there())).isEqualTo(Outcome.CONFIGURED);
        store.store(edited);
        assertThat(there().workloads())
                .singleElement()
                .satisfies(pool ->
                        assertThat(pool.content().phpFpmPool().phpAdminValues()).containsEntry("memory_limit", "256M"));
    }

    @Test
    void whatIsReadBackIsWhatWasGiven() throws IOException {
        String secret = """
                apiVersion: v1
                kind: Secret
                metadata: {name: key}
                stringData:
                  privateKey: |
                    -----BEGIN KEY-----
                    abc # no comment
                    -----END KEY-----
                  number: "8.4"
                  word: "no"
                  odd: "a: b\\t'\\"\\\\ \\u00e4"
                """;
        ManifestDocument document = document(secret);
        store.store(document);

        assertThat(there().documents().getFirst().original()).isEqualTo(document.original());
        assertThat(there().documents().getFirst().data()).hasSize(4);
    }

    @Test
    void aFileIsForRootAloneAndSaysWhoWroteIt() throws IOException {
        store.store(document(POOL));
        Path file = root.resolve("manifests/phpfpmpool.customer-a.shop.yaml");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("manifests"))))
                .isEqualTo("rwx------");
        assertThat(Files.readString(file)).startsWith("# Written by `unitsmith apply`");
    }

    @Test
    void whatSomebodyWroteByHandIsTheirs() throws IOException {
        Files.createDirectory(
                root.resolve("manifests"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        files.write("/manifests/mine.yaml", POOL.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0600, null);
        ManifestDocument edited = document(POOL.replace("128M", "256M"));

        assertThat(store.foreignFile(edited.workload(), there())).contains("/manifests/mine.yaml");
        assertThat(store.outcome(document(POOL), there())).isEqualTo(Outcome.UNCHANGED);
        store.remove(edited.workload());
        assertThat(root.resolve("manifests/mine.yaml")).exists();
    }

    @Test
    void anOwnFileIsRemovedWithItsObject() throws IOException {
        store.store(document(POOL));
        assertThat(store.foreignFile(document(POOL).workload(), there())).isEmpty();
        store.remove(document(POOL).workload());

        assertThat(there().documents()).isEmpty();
    }

    @Test
    void aLongNameIsCutToFit() throws IOException {
        ManifestDocument document = document(POOL.replace("name: shop", "name: " + "x".repeat(253)));
        store.store(document);

        assertThat(store.outcome(document, there())).isEqualTo(Outcome.UNCHANGED);
        assertThat(Path.of(store.path(document.workload())).getFileName().toString())
                .hasSizeLessThan(255);
    }

    private Reading there() throws IOException {
        return new ManifestFolder(files, FOLDER, Clock.systemUTC()).read().orElse(Reading.NOTHING);
    }

    private static ManifestDocument document(String yaml) {
        return Manifests.readAll(Map.of("in.yaml", yaml)).documents().getFirst();
    }
}
