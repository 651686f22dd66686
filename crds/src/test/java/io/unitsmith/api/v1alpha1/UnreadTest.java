package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

/** An object of a newer version is refused by itself: nothing unknown is ever taken for a default. */
class UnreadTest {

    private final KubernetesSerialization lenient = new KubernetesSerialization(
            new ObjectMapper()
                    .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                    .configure(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL, true),
            true);

    @Test
    void anObjectThatWasReadInFullHasNone() {
        assertThat(Unread.in("spec", read("sshfs", "automount: {enabled: true, idleTimeout: 5m}")))
                .isEmpty();
    }

    @Test
    void anUnknownEnumValueIsFound() {
        assertThat(Unread.in("spec", read("ipfs", "automount: {enabled: true, idleTimeout: 5m}")))
                .containsExactly("spec.type");
    }

    @Test
    void aMissingFieldIsFoundHoweverDeep() {
        assertThat(Unread.in("spec", read("sshfs", "automount: {enabled: true}")))
                .containsExactly("spec.automount.idleTimeout");
    }

    private RemoteMountSpec read(String type, String automount) {
        return lenient.unmarshal("""
                type: %s
                source: files.example.com:/srv
                path: /srv/uploads
                readOnly: false
                mountTimeout: 30s
                driftPolicy: Repair
                %s
                """.formatted(type, automount), RemoteMountSpec.class);
    }
}
