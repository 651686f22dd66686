package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.DisturbsTheCluster;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Absence removes nothing, ever: neither an emptied namespace nor an operator that has lost its objects. */
@EndToEnd
@DisturbsTheCluster
class AbsenceE2E {

    private static final String SPEC = """
              hostNames: [web-1]
              phpVersion: "8.4"
            """;

    private final Testbed bed;
    private final ContainerHost host;
    private final Tenant tenant;
    private final Operator operator;

    AbsenceE2E(Testbed bed) {
        this.bed = bed;
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "absence", "absence-ann", "absence-ben");
        this.operator = new Operator(bed);
    }

    @AfterAll
    void cleanUp() {
        operator.scale(1);
        tenant.close();
    }

    @Test
    void nothingIsRemovedWhenTheObjectsAreLostAndTheSameObjectsTakeItUpAgain() {
        Pool ann = tenant.pool("ann", "absence-ann").apply(SPEC).awaitReady();
        Pool ben = tenant.pool("ben", "absence-ben").apply(SPEC).awaitReady();
        ann.visit(host);
        ben.visit(host);
        HostState before = HostState.of(host);
        int master = ben.masterPid(host);
        try (Load load = Load.on(host, ann)) {
            operator.scale(0);
            emptyTheHostsNamespace();
            letTheAgentLookAgain();
            assertUnchanged("with its namespace emptied", before);

            operator.scale(1);
            ann.awaitReady();
            ben.awaitReady();
            assertUnchanged("once the operator has made the assignments anew", before);

            operator.scale(0);
            loseTheWorkloads();
            emptyTheHostsNamespace();
            operator.scale(1);
            operator.awaitLeader();
            letTheAgentLookAgain();
            assertUnchanged("with an operator that knows of no workload", before);

            ann.apply(SPEC).awaitReady();
            ben.apply(SPEC).awaitReady();
            assertUnchanged("once the workloads are there again", before);
            assertThat(ben.masterPid(host)).as("the other pool's master").isEqualTo(master);
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
        }
        tenant.deleteWorkloads();
        assertThat(host.exec("ls", ann.socket()).succeeded())
                .as("control: a deletion still removes")
                .isFalse();
    }

    private void emptyTheHostsNamespace() {
        bed.cluster()
                .kubectl("delete", "hostassignments,hostagents", "--all", "--namespace", "unitsmith-host-web-1")
                .output();
    }

    private void loseTheWorkloads() {
        tenant.kubectl("delete phpfpmpools --all --wait=false").output();
        for (String pool :
                tenant.kubectl("get phpfpmpools --output name").output().lines().toList()) {
            tenant.kubectl("patch " + pool + " --type=merge --patch {\"metadata\":{\"finalizers\":[]}}")
                    .output();
        }
        tenant.kubectl("delete controllerrevisions --all").output();
        assertThat(tenant.kubectl("get phpfpmpools --output name").output()).isEmpty();
    }

    /** A new start reads all anew; a heartbeat after it says that this is done. */
    private void letTheAgentLookAgain() {
        host.exec("systemctl", "restart", "unitsmith-agent").output();
        ZonedDateTime restarted = ZonedDateTime.now(ZoneOffset.UTC);
        until(
                "the agent has been heard after its restart",
                Duration.ofSeconds(60),
                () -> {
                    Lease lease = bed.client()
                            .leases()
                            .inNamespace("unitsmith-host-web-1")
                            .withName("unitsmith-agent")
                            .get();
                    return lease != null
                            && lease.getSpec().getRenewTime() != null
                            && lease.getSpec().getRenewTime().isAfter(restarted.plusSeconds(5));
                },
                () -> host.journal("unitsmith-agent"));
    }

    private void assertUnchanged(String when, HostState before) {
        assertThat(HostState.of(host).changesSince(before))
                .as("changes on the host " + when)
                .isEmpty();
    }
}
