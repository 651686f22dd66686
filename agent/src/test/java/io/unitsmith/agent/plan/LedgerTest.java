package io.unitsmith.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Ledger.Made;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {

    @Test
    void theHashOfWhatWasWrittenHelpsNobodyToGuessACredential() {
        assertThat(hash("one", "hunter2")).isEqualTo(hash("one", "hunter3"));
        assertThat(hash("one", "hunter2")).as("control: another configuration").isNotEqualTo(hash("other", "hunter2"));
    }

    private static String hash(String config, String credential) {
        return new Applied(
                        new WorkloadReference("PhpFpmPool", "demo", "shop", "uid"),
                        "r1",
                        null,
                        "a.socket",
                        "a.service",
                        Set.of(),
                        List.of(
                                new Made("/etc/a.conf", Layer.CONFIG, Effect.NONE, config),
                                new Made("/etc/credentials/a", Layer.CREDENTIAL, Effect.NONE, credential)),
                        Set.of(),
                        null,
                        null)
                .hash();
    }
}
