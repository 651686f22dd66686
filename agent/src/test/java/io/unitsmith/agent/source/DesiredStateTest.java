package io.unitsmith.agent.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

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
        String object = "apiVersion: unitsmith.io/v1alpha1\nkind: HostAssignment\nmetadata: {name: files}\nspec:\n"
                + spec.replace("%s", WORKLOAD).indent(2);
        return DesiredState.of(new Snapshot(
                List.of(Serialization.unmarshal(object, GenericKubernetesResource.class)), List.of(), null));
    }
}
