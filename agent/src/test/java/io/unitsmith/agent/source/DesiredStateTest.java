package io.unitsmith.agent.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.agent.source.Manifests.Manifest;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredStateTest {

    private static final String WORKLOAD = "{kind: RemoteMount, namespace: demo, name: files, uid: '1'}";

    @Test
    void readsBothRevisions() {
        Assignment assignment = read("""
                workload: %s
                remove: false
                live: {revision: r1, remoteMount: {type: nfs4, source: "files:/x", path: /srv/x}}
                staged: {revision: r2, secret: s, remoteMount: {type: nfs4, source: "files:/y", path: /srv/x}}
                """);

        assertThat(assignment.live().fault()).isNull();
        assertThat(assignment.live().content().remoteMount().source()).isEqualTo("files:/x");
        assertThat(assignment.staged().content().secret()).isEqualTo("s");
        assertThat(assignment.remove()).isFalse();
    }

    @Test
    void aFieldOfANewerOperatorRefusesItsRevisionAlone() {
        Assignment assignment = read("""
                workload: %s
                live: {revision: r1, remoteMount: {type: nfs4, source: "files:/x", path: /srv/x}}
                staged: {revision: r2, secret: s, remoteMount: {type: nfs4, source: "files:/x", path: /srv/x, sparkle: 1}}
                """);

        assertThat(assignment.live().fault()).isNull();
        assertThat(assignment.staged().fault()).contains("remoteMount.sparkle");
        assertThat(assignment.staged().content().revision()).isEqualTo("r2");
        assertThat(assignment.staged().content().secret()).isEqualTo("s");
        assertThat(assignment.staged().content().spec()).isNull();
    }

    @Test
    void aWordOfANewerOperatorRefusesItsRevisionAlone() {
        Assignment assignment = read("""
                workload: %s
                live: {revision: r1, remoteMount: {type: tapefs, source: "files:/x", path: /srv/x}}
                """);

        assertThat(assignment.live().fault()).contains("remoteMount.type", "tapefs");
    }

    @Test
    void readsWhatAllPoolsOfAUserMayUse() {
        assertThat(state("workload: %s\nuserLimits: {alice: {memoryMax: 2Gi, tasksMax: 500}}\n")
                        .userLimits())
                .containsExactly(Map.entry("alice", new UserLimits("2Gi", null, 500)));
    }

    @Test
    void whatIsToBeRemovedBoundsNobody() {
        assertThat(state("workload: %s\nremove: true\nuserLimits: {alice: {memoryMax: 2Gi}}\n")
                        .userLimits())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{alice: {memoryMax: 2G}} | userLimits.alice.memoryMax: \"2G\"",
                "{alice: {cpuQuota: 4}} | userLimits.alice.cpuQuota: \"4\"",
                "{alice: {tasksMax: 0}} | userLimits.alice.tasksMax: 0",
                "{alice: {sparkle: 1}} | userLimits.alice.sparkle: ",
                "{alice: null} | userLimits.alice: ",
            })
    void limitsThatCannotBeReadRefuseBothRevisions(String limits, String fault) {
        Assignment assignment = read("""
                workload: %s
                userLimits: LIMITS
                live: {revision: r1, secret: s, remoteMount: {type: nfs4, source: "files:/x", path: /srv/x}}
                staged: {revision: r2, remoteMount: {type: nfs4, source: "files:/x", path: /srv/x}}
                """.replace("LIMITS", limits));

        assertThat(assignment.live().fault()).startsWith(fault);
        assertThat(assignment.staged().fault()).startsWith(fault);
        assertThat(assignment.live().content().spec()).isNull();
        assertThat(assignment.live().content().secret()).isEqualTo("s");
        assertThat(assignment.userLimits()).isEmpty();
    }

    @Test
    void aManifestThatIsLookedAtInThePlaceOfAnAssignmentKeepsTheLimitsOfItsUser() throws InvalidManifests {
        Manifest manifest = Manifests.read(Map.of("files.yaml", """
                        apiVersion: unitsmith.io/v1alpha1
                        kind: RemoteMount
                        metadata: {name: files, namespace: demo}
                        spec: {hostNames: [here], type: nfs4, source: "files:/y", path: /srv/x}
                        """)).getFirst();
        String spec = "workload: %s\nuserLimits: {alice: {memoryMax: 2Gi}}\n".formatted(WORKLOAD);
        Snapshot before = new Snapshot(List.of(object(Assigning.name(manifest.workload()), spec)), List.of(), null);

        assertThat(DesiredState.of(Assigning.with(before, List.of(manifest))).userLimits())
                .containsOnlyKeys("alice");
    }

    @Test
    void removalNeedsNothingElse() {
        assertThat(read("workload: %s\nremove: true\nlive: {nonsense: 1}\n").remove())
                .isTrue();
    }

    @Test
    void anObjectThatDoesNotSayWhatItIsOfIsAsGoodAsAbsent() {
        assertThat(state("live: {revision: r1}\n").assignments()).isEmpty();
    }

    private static Assignment read(String spec) {
        return state(spec).assignments().get("files");
    }

    private static DesiredState state(String spec) {
        return DesiredState.of(new Snapshot(List.of(object("files", spec.replace("%s", WORKLOAD))), List.of(), null));
    }

    private static GenericKubernetesResource object(String name, String spec) {
        String object =
                "apiVersion: unitsmith.io/v1alpha1\nkind: HostAssignment\nmetadata: {name: %s}\nspec:\n".formatted(name)
                        + spec.indent(2);
        return Serialization.unmarshal(object, GenericKubernetesResource.class);
    }
}
