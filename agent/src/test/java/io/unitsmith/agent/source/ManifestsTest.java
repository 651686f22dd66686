package io.unitsmith.agent.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.agent.source.Manifests.Reading;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestsTest {

    private static final String POOL = """
            apiVersion: unitsmith.io/v1alpha1
            kind: PhpFpmPool
            metadata: {name: shop, namespace: customer-a}
            spec: {hostNames: [web-1], user: alice, phpVersion: "8.4", %s}
            """;

    private static final String MOUNT = """
            apiVersion: unitsmith.io/v1alpha1
            kind: RemoteMount
            metadata: {name: uploads}
            spec:
              hostNames: [web-1]
              type: sshfs
              source: backup@files.example.com:/srv
              path: /srv/uploads
              credentials: {secretRef: {name: key}}
            """;

    private static final String SECRET = """
            # a comment alone is no document
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: key}
            data: {privateKey: c2VjcmV0}
            stringData: {knownHosts: files}
            """;

    @Test
    void whatIsLeftOutComesFromTheSchema() throws InvalidManifests {
        PhpFpmPoolSpec spec = read(POOL.formatted("processManager: {maxChildren: 7}"))
                .getFirst()
                .content()
                .phpFpmPool();
        assertThat(spec.processManager().maxChildren()).isEqualTo(7);
        assertThat(spec.processManager().type()).isEqualTo(PhpFpmPoolSpec.ProcessManager.Type.ONDEMAND);
        assertThat(spec.socket()).isEqualTo(new PhpFpmPoolSpec.Socket("www-data", "0660", 511));
        assertThat(spec.limitExtensions()).containsExactly(".php");
        assertThat(spec.chdir()).isNull();
    }

    @Test
    void nullIsAbsent() throws InvalidManifests {
        PhpFpmPoolSpec spec = read(POOL.formatted("socket: null, chdir: null"))
                .getFirst()
                .content()
                .phpFpmPool();
        assertThat(spec.socket().group()).isEqualTo("www-data");
        assertThat(spec.chdir()).isNull();
    }

    @Test
    void aWorkloadFindsItsSecretInAnotherFile() throws InvalidManifests {
        List<Manifest> manifests = Manifests.read(Map.of("mount.yaml", MOUNT, "secret.yaml", SECRET));
        assertThat(manifests).hasSize(1);
        Manifest mount = manifests.getFirst();
        assertThat(mount.workload().namespace()).isEqualTo("default");
        assertThat(mount.content().secret()).isEqualTo("key");
        assertThat(mount.secret())
                .containsOnlyKeys("privateKey", "knownHosts")
                .containsEntry("privateKey", "secret".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aSecretOfAnotherNamespaceIsNoneOfItsOwn() throws InvalidManifests {
        String secret = "{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: other}}";
        assertThat(Manifests.read(Map.of("mount.yaml", MOUNT, "secret.yaml", secret))
                        .getFirst()
                        .secret())
                .isNull();
    }

    @Test
    void aFileHoldsManyDocuments() throws InvalidManifests {
        assertThat(read(POOL.formatted("chdir: /a") + "---\n" + MOUNT)).hasSize(2);
    }

    @Test
    void aRevisionChangesWithTheSpecAndNotWithTheChoiceOfHosts() throws InvalidManifests {
        String pool = POOL.formatted("chdir: /a");
        assertThat(revision(pool))
                .startsWith("shop-")
                .isEqualTo(revision(pool.replace("web-1", "web-2")))
                .isNotEqualTo(revision(POOL.formatted("chdir: /b")));
    }

    @Test
    void whatIsWrongWithOneObjectIsNoFaultOfTheNext() {
        Reading reading = Manifests.readAll(
                Map.of("a.yaml", POOL.formatted("usr: x") + "---\n" + MOUNT, "b.yaml", "spec: [", "c.yaml", SECRET));

        assertThat(reading.workloads())
                .singleElement()
                .satisfies(mount -> assertThat(mount.secret()).containsKey("privateKey"));
        assertThat(reading.faults())
                .hasSize(2)
                .anyMatch(fault -> fault.startsWith("a.yaml: PhpFpmPool customer-a/shop: spec.usr is not a field"))
                .anyMatch(fault -> fault.startsWith("b.yaml: line 1"));
    }

    @Test
    void anObjectInTwoFilesIsTheFirstFiles() {
        Reading reading =
                Manifests.readAll(Map.of("b.yaml", POOL.formatted("chdir: /b"), "a.yaml", POOL.formatted("chdir: /a")));

        assertThat(reading.workloads())
                .singleElement()
                .satisfies(
                        pool -> assertThat(pool.content().phpFpmPool().chdir()).isEqualTo("/a"));
        assertThat(reading.faults())
                .containsExactly(
                        "b.yaml: PhpFpmPool customer-a/shop: a.yaml has it already, and that one counts: take it out of one of the two");
    }

    @Test
    void noLineOfABrokenFileIsQuotedForThereMayBeASecretInIt() {
        assertThat(faults("kind: Secret\nstringData:\n  password: hunter2: hunter3\n"))
                .singleElement()
                .asString()
                .startsWith("in.yaml: line 3, column ")
                .doesNotContain("hunter");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            usr: bob                             | spec.usr is not a field; spec has accessLog, catchWorkersOutput,
            socket: {mod: "0660"}                | spec.socket.mod is not a field; spec.socket has backlog, group, mode
            socket: {mode: 660}                  | spec.socket.mode: 660 is not of type string: put it in quotes
            group: Web                           | spec.group: "Web" does not match ^[a-z_][a-z0-9_-]*$
            socket: {backlog: 0}                 | spec.socket.backlog: 0 is not in the range from 1 to 65535
            socket: {backlog: 1.5}               | spec.socket.backlog: 1.5 is not of type integer
            processManager: {type: lazy}         | spec.processManager.type: "lazy" is none of dynamic, ondemand, static
            limitExtensions: []                  | spec.limitExtensions: 0 items; 1 to 16 are possible
            phpFlags: {x: maybe}                 | spec.phpFlags.x: "maybe" is not of type boolean
            chdir: ""                            | spec.chdir: 0 characters; 1 to 1024 are possible
            hostNames: [""]                      | Duplicate field 'hostNames'
            """)
    void whatTheSchemaDoesNotAllowIsRefused(String field, String fault) {
        assertThat(faults(POOL.formatted(field))).singleElement().asString().contains(fault);
    }

    @Test
    void everyFaultIsToldWithItsFileAndItsObject() {
        assertThat(faults("""
                        apiVersion: unitsmith.io/v1alpha1
                        kind: PhpFpmPool
                        metadata: {name: ../shop, namespace: Customer}
                        spec: {phpVersion: "8.4", usr: x}
                        sepc: {}
                        """))
                .hasSize(5)
                .allMatch(fault -> fault.startsWith("in.yaml: PhpFpmPool Customer/../shop: "))
                .anyMatch(fault -> fault.contains("metadata.name"))
                .anyMatch(fault -> fault.contains("metadata.namespace"))
                .anyMatch(fault -> fault.endsWith("sepc is not a field"))
                .anyMatch(fault -> fault.endsWith("spec.user is missing"))
                .anyMatch(fault -> fault.contains("spec.usr is not a field"));
    }

    @Test
    void anotherKindOrVersionIsRefused() {
        assertThat(faults("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"))
                .singleElement()
                .asString()
                .contains("none of unitsmith.io/v1alpha1 PhpFpmPool");
        assertThat(faults("{apiVersion: unitsmith.io/v2, kind: PhpFpmPool, metadata: {name: a}}"))
                .hasSize(1);
    }

    @Test
    void whatIsNotYamlIsRefusedWithItsFile() {
        assertThat(faults("spec: [")).singleElement().asString().startsWith("in.yaml: ");
    }

    private static List<Manifest> read(String text) throws InvalidManifests {
        return Manifests.read(Map.of("in.yaml", text));
    }

    private static String revision(String text) throws InvalidManifests {
        return read(text).getFirst().content().revision();
    }

    private static List<String> faults(String text) {
        return catchThrowableOfType(InvalidManifests.class, () -> read(text)).faults();
    }
}
