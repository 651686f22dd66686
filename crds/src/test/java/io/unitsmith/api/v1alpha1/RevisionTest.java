package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevisionTest {

    @Test
    void theChoiceOfHostsIsNoPartOfARevision() {
        Revision<RemoteMountSpec> bySelector = revision(new Selector(Map.of("role", "web"), null), null, "/srv/a");
        Revision<RemoteMountSpec> byName = revision(null, List.of("web-1"), "/srv/a");
        assertThat(byName).isEqualTo(bySelector);
        assertThat(byName.spec().hostNames()).isEmpty();
        assertThat(bySelector.spec().hostSelector()).isNull();
    }

    @Test
    void anotherSpecIsAnotherRevision() {
        assertThat(revision(null, List.of("web-1"), "/srv/b").name())
                .startsWith("uploads-")
                .isNotEqualTo(revision(null, List.of("web-1"), "/srv/a").name());
    }

    @Test
    void theSpecIsOtherwiseWhole() {
        RemoteMountSpec spec = revision(null, List.of("web-1"), "/srv/a").spec();
        assertThat(spec.path()).isEqualTo("/srv/a");
        assertThat(spec.type()).isEqualTo(RemoteMountSpec.Type.NFS4);
        assertThat(spec.automount()).isEqualTo(new RemoteMountSpec.Automount(true, "5m"));
    }

    @Test
    void aLongNameIsCutToFit() {
        RemoteMountSpec spec = spec(null, List.of("web-1"), "/srv/a");
        assertThat(Revision.of("x".repeat(253), spec, RemoteMountSpec.class).name())
                .hasSizeLessThanOrEqualTo(253);
    }

    private static Revision<RemoteMountSpec> revision(Selector selector, List<String> names, String path) {
        return Revision.of("uploads", spec(selector, names, path), RemoteMountSpec.class);
    }

    private static RemoteMountSpec spec(Selector selector, List<String> names, String path) {
        return new RemoteMountSpec(
                selector,
                names,
                RemoteMountSpec.Type.NFS4,
                "files:/data",
                path,
                List.of("vers=4.2"),
                false,
                new RemoteMountSpec.Automount(true, "5m"),
                "30s",
                "0755",
                null,
                false,
                true,
                null,
                null,
                DriftPolicy.REPAIR,
                null,
                null);
    }
}
