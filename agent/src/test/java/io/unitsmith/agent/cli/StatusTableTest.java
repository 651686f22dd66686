package io.unitsmith.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.report.HostStatus;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.Live;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusTableTest {

    private static final String SOCKET = "unitsmith-fpm@default.shop.socket";
    private static final String SERVICE = "unitsmith-fpm@default.shop.service";
    private static final WorkloadReference SHOP = new WorkloadReference("PhpFpmPool", "default", "shop", "");

    @Test
    void itSaysHowEveryWorkloadFaresAndWhatItsUnitsDo() {
        String table = StatusTable.of(report(true, written(), units(), List.of()));

        assertThat(table.lines())
                .contains(
                        "agent       runs, version 1.0, since then",
                        "source      manifests /etc/unitsmith/manifests: read since then",
                        "next        nothing: the host is as it is asked to be",
                        "KIND         WORKLOAD       STATE    REVISION   SINCE   LAST CHANGE",
                        "PhpFpmPool   default/shop   Failed   r1         then    later r1 is in force",
                        "    %s inactive, %s active".formatted(SERVICE, SOCKET),
                        "    ! UserNotFound: spec.user: no user",
                        "! a.yaml: no manifest");
    }

    @Test
    void aDeadAgentIsTheFirstThingItSays() {
        assertThat(StatusTable.of(report(false, written(), units(), List.of("start " + SOCKET))))
                .startsWith("agent       ! DOES NOT RUN: systemctl start unitsmith-agent.service")
                .contains("next        start " + SOCKET);
    }

    @Test
    void withoutSystemdAndWithoutAStatusTheLedgerStillTells() {
        String table = StatusTable.of(report(null, null, null, List.of()));

        assertThat(table)
                .contains("agent       ! unknown: systemd does not answer")
                .contains("PhpFpmPool   default/shop   Orphaned   r1")
                .contains(SOCKET + " ?")
                .contains("! nobody asks for it any more");
    }

    private static HostReport report(
            Boolean running, HostStatus written, Map<String, UnitState> units, List<String> next) {
        return new HostReport(
                new HostReport.Agent(
                        running, AgentUnit.NAME, written == null ? null : "1.0", written == null ? null : "then"),
                written == null ? null : written.source(),
                null,
                null,
                HostReport.workloads(written, LEDGER, units),
                written == null ? List.of() : written.faults(),
                next,
                List.of());
    }

    private static HostStatus written() {
        var ready = new Condition(Condition.READY, Condition.FALSE, "UserNotFound", "spec.user: no user", 1L, "then");
        var live = new Live("r1", null, State.FAILED, "then", null, null, List.of(ready), null);
        return new HostStatus(
                new HostStatus.Agent("1.0", 1, "then"),
                new HostStatus.Origin("manifests", "/etc/unitsmith/manifests", "read", "then"),
                Map.of(
                        "shop",
                        new HostStatus.Workload(
                                SHOP,
                                1L,
                                new HostAssignmentStatus(live, null),
                                new HostStatus.Change("later", "r1 is in force"))),
                List.of("a.yaml: no manifest"),
                null);
    }

    private static Map<String, UnitState> units() {
        return Map.of(
                SOCKET,
                new UnitState(SOCKET, "loaded", "active", "listening", "success", null, 0),
                SERVICE,
                UnitState.absent(SERVICE));
    }

    private static final Ledger LEDGER = Ledger.EMPTY.with(
            "shop", new Applied(SHOP, "r1", null, SOCKET, SERVICE, Set.of(), List.of(), Set.of(), null, null));
}
