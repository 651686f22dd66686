package io.unitsmith.agent.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Claims;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.agent.workload.Workload.Refused;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadsTest {

    private static final HostFacts FACTS = new HostFacts(257, Map.of(), Map.of(), Map.of(), Set.of(), Map.of());

    /** As lenient as what reads assignments from the API: what it does not know is null. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @Test
    void anUnknownValueIsRefusedWithItsField() throws JsonProcessingException {
        Workload workload = workload("uploads", """
                {"revision": "r", "remoteMount": {"type": "webdav", "source": "x", "path": "/srv/a", "readOnly": false,
                 "automount": {"enabled": true, "idleTimeout": "5m"}, "mountTimeout": "30s", "driftPolicy": "Repair"}}
                """);
        assertThat(workload.render(FACTS)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.problems()).extracting(Problem::reason).containsExactly("NotUnderstood");
            assertThat(refused.problems()).extracting(Problem::field).containsExactly("spec.type");
        });
        assertThat(workload.claims()).isEqualTo(new Claims(List.of(), List.of(), List.of(), List.of()));
        assertThat(workload.judge(UnitState.absent("a"), UnitState.absent("b"), null)
                        .reason())
                .isEqualTo(Reason.NOT_UNDERSTOOD);
    }

    @Test
    void aKindThatThisVersionDoesNotKnowIsRefused() throws JsonProcessingException {
        assertThat(workload("uploads", "{\"revision\": \"r\", \"timer\": {}}").render(FACTS))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.problems())
                                .extracting(Problem::field)
                                .containsExactly("spec"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../etc/cron.d/x", "a/b", "UPPER", "", "a b", "a\nb", "-a"})
    void aNameThatKubernetesWouldNotGiveMakesNoPaths(String name) throws JsonProcessingException {
        String pool = """
                {"revision": "r", "phpFpmPool": {"user": "alice", "phpVersion": "8.4",
                 "socket": {"group": "www-data", "mode": "0660", "backlog": 511}, "limitExtensions": [".php"], "driftPolicy": "Repair",
                 "processManager": {"type": "ondemand", "maxChildren": 5, "idleTimeout": "10s", "maxRequests": 500, "maxSpawnRate": 32}}}
                """;
        assertThat(((Refused) workload(name, pool).render(FACTS)).problems())
                .extracting(Problem::reason)
                .containsExactly("NotUnderstood");
        assertThat(((Refused) workload("shop", pool).render(FACTS)).problems())
                .extracting(Problem::reason)
                .doesNotContain("NotUnderstood");
    }

    private static Workload workload(String name, String content) throws JsonProcessingException {
        var reference = new WorkloadReference("PhpFpmPool", "customer-a", name, "");
        return Workloads.of(reference, JSON.readValue(content, Content.class), null);
    }
}
