package io.unitsmith.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.api.v1alpha1.Unread;
import org.junit.jupiter.api.Test;

class ClientsTest {

    private static final String OF_A_NEWER_VERSION = """
            {"apiVersion": "unitsmith.io/v1alpha1", "kind": "HostAssignment",
             "metadata": {"name": "a", "managedFields": [{"manager": "kubectl"}]},
             "spec": {"workload": {"kind": "PhpFpmPool", "namespace": "n", "name": "a", "uid": "u"}, "remove": false, "new": 1},
             "status": {"live": {"state": "Hovering", "since": "2026-11-22T09:00:00Z"}}}
            """;

    private final HostAssignment read = Clients.serialization().unmarshal(OF_A_NEWER_VERSION, HostAssignment.class);

    @Test
    void whatANewerVersionWroteIsReadAndToldApart() {
        assertThat(Unread.in("spec", read.getSpec())).isEmpty();
        assertThat(Unread.in("status", read.getStatus())).containsExactly("status.live.state");
    }

    @Test
    void managedFieldsAreNotKept() {
        assertThat(read.getMetadata().getName()).isEqualTo("a");
        assertThat(read.getMetadata().getManagedFields()).isEmpty();
    }
}
