package io.unitsmith.agent.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest {

    private static final String FOLDER = "/etc/unitsmith/manifests";
    private static final WorkloadReference SHOP = new WorkloadReference("PhpFpmPool", "default", "shop", "");
    private static final String SHOP_NAME = Assigning.name(SHOP);
    private static final String FILES_NAME =
            Assigning.name(new WorkloadReference("RemoteMount", "default", "files", ""));

    private static final String MOUNT = """
            apiVersion: unitsmith.io/v1alpha1
            kind: RemoteMount
            metadata: {name: files}
            spec: {type: cifs, source: //files/shop, path: /srv/files, credentials: {secretRef: {name: key}}}
            """;

    @TempDir
    private Path root;

    private Path folder;
    private AtomicFiles files;
    private Deletions deletions;
    private DirectorySource source;

    @BeforeEach
    void setUp() throws IOException {
        folder = Files.createDirectories(
                root.resolve(FOLDER.substring(1)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectories(root.resolve("var/lib/unitsmith"));
        files = new AtomicFiles(root, Checkpoint.NONE);
        deletions = new Deletions(files);
        restart();
    }

    private void restart() {
        source = source(Clock.systemUTC());
    }

    private DirectorySource source(Clock clock) {
        return new DirectorySource(new ManifestFolder(files, FOLDER, clock), deletions, new LastKnownState(files));
    }

    @Test
    void whatStandsInTheFolderIsLiveUnderTheNameThatAnOperatorWouldGiveIt() throws IOException {
        write("shop.yaml", pool("128M"));

        Assignment shop = source.current().assignments().get(SHOP_NAME);
        assertThat(shop.live().fault()).isNull();
        assertThat(shop.live().content().phpFpmPool().phpAdminValues()).containsEntry("memory_limit", "128M");
        assertThat(shop.remove()).isFalse();
        assertThat(shop.staged()).isNull();
        assertThat(source.faults()).isEmpty();
    }

    @Test
    void anotherSpecIsAnotherRevisionAndGeneration() throws IOException {
        write("shop.yaml", pool("128M"));
        Assignment before = source.current().assignments().get(SHOP_NAME);
        write("shop.yaml", pool("256M"));
        Assignment after = source.current().assignments().get(SHOP_NAME);

        assertThat(after.live().content().revision())
                .isNotEqualTo(before.live().content().revision());
        assertThat(after.generation()).isNotEqualTo(before.generation());
    }

    @Test
    void anotherContentOfASecretIsAnotherSecret() throws IOException {
        write("mount.yaml", MOUNT);
        write("secret.yaml", secret("hunter2"));
        DesiredState before = source.current();
        write("secret.yaml", secret("hunter3"));
        DesiredState after = source.current();

        String then = before.assignments().get(FILES_NAME).live().content().secret();
        String now = after.assignments().get(FILES_NAME).live().content().secret();
        assertThat(now).startsWith("key-").isNotEqualTo(then);
        assertThat(after.secrets()).containsOnlyKeys(now);
        assertThat(after.secrets().get(now).get("password")).asString().isEqualTo("hunter3");
        assertThat(after.assignments().get(FILES_NAME).generation())
                .isNotEqualTo(before.assignments().get(FILES_NAME).generation());
    }

    @Test
    void aBadFileStopsNoOther() throws IOException {
        write("a.yaml", "spec: [");
        write("shop.yaml", pool("128M"));

        assertThat(source.current().assignments()).containsOnlyKeys(SHOP_NAME);
        assertThat(source.faults()).singleElement().asString().startsWith(FOLDER + "/a.yaml: line 1");
    }

    @Test
    void aManifestThatIsGoneIsNotAskedForAnyMoreAndRemovesNothing() throws IOException {
        write("shop.yaml", pool("128M"));
        source.current();
        Files.delete(folder.resolve("shop.yaml"));

        assertThat(source.current().assignments()).isEmpty();
    }

    @Test
    void withoutItsFolderAllStaysAsItWasLastKnownAlsoForTheNextAgent() throws IOException {
        write("mount.yaml", MOUNT);
        write("secret.yaml", secret("hunter2"));
        DesiredState before = source.current();
        Files.move(folder, root.resolve("elsewhere"));

        assertThat(source.current().assignments()).isEqualTo(before.assignments());
        assertThat(source.faults()).singleElement().asString().contains(FOLDER, "is not there");
        restart();
        assertThat(source.current().assignments()).isEqualTo(before.assignments());
        assertThat(source.current().secrets()).hasSize(1);
    }

    @Test
    void aMarkRemovesWhateverTheFolderSaysAndStaysAsLongAsTheFolderSaysIt() throws IOException {
        write("shop.yaml", pool("128M"));
        deletions.mark(SHOP);

        assertThat(source.current().assignments().get(SHOP_NAME).remove()).isTrue();
        source.removed(SHOP_NAME);
        assertThat(deletions.all()).containsOnlyKeys(SHOP_NAME);

        Files.delete(folder.resolve("shop.yaml"));
        source.removed(SHOP_NAME);
        assertThat(deletions.all()).isEmpty();
        assertThat(source.current().assignments()).isEmpty();
    }

    @Test
    void aMarkThatIsTakenBackBringsTheManifestBack() throws IOException {
        write("shop.yaml", pool("128M"));
        Assignment before = source.current().assignments().get(SHOP_NAME);
        deletions.mark(SHOP);
        assertThat(source.current().assignments().get(SHOP_NAME)).isNotEqualTo(before);
        deletions.unmark(SHOP_NAME);

        assertThat(source.current().assignments().get(SHOP_NAME)).isEqualTo(before);
    }

    @Test
    void whatOthersCanWriteIsNotDoneAsRoot() throws IOException {
        write("shop.yaml", pool("128M"));
        Files.setPosixFilePermissions(folder.resolve("shop.yaml"), PosixFilePermissions.fromString("rw-rw----"));

        assertThat(source.current().assignments()).isEmpty();
        assertThat(source.faults()).singleElement().asString().contains(FOLDER + "/shop.yaml", "chmod go-w");
    }

    @Test
    void anEditThatLeavesSizeAndTimeAsTheyWereIsSeen() throws IOException {
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        source = source(Clock.fixed(time.toInstant().plusSeconds(1), ZoneOffset.UTC));
        write("shop.yaml", pool("128M"));
        Files.setLastModifiedTime(folder.resolve("shop.yaml"), time);
        Assignment before = source.current().assignments().get(SHOP_NAME);
        Files.writeString(folder.resolve("shop.yaml"), pool("256M")); // in place, as some editors do
        Files.setLastModifiedTime(folder.resolve("shop.yaml"), time);

        assertThat(source.current().assignments().get(SHOP_NAME)).isNotEqualTo(before);
    }

    @Test
    void somebodyIsToldOfEveryChange() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        source.onChange(begun::countDown);
        source.start(List.of(folder));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        CountDownLatch told = new CountDownLatch(1);
        source.onChange(told::countDown);
        write("shop.yaml", pool("128M"));

        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        source.close();
    }

    private void write(String name, String text) throws IOException {
        files.write(FOLDER + "/" + name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0600, null);
    }

    private static String pool(String memory) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: shop}
                spec: {user: alice, phpVersion: "8.4", phpAdminValues: {memory_limit: %s}}
                """.formatted(memory);
    }

    private static String secret(String password) {
        return "{apiVersion: v1, kind: Secret, metadata: {name: key}, stringData: {username: shop, password: %s}}"
                .formatted(password);
    }

    @Test
    void theLastKnownStateIsWrittenOnlyWhenItIsAnotherOne() throws IOException {
        write("shop.yaml", pool("128M"));
        source.current();
        Path state = root.resolve(LastKnownState.PATH.substring(1));
        Object before = Files.readAttributes(state, "unix:ino,lastModifiedTime");
        source.current();

        assertThat(Files.readAttributes(state, "unix:ino,lastModifiedTime")).isEqualTo(before);
    }
}
