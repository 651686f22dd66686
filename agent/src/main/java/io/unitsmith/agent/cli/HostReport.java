package io.unitsmith.agent.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.report.HostStatus;
import io.unitsmith.agent.report.HostStatus.Change;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is on this host.
 *
 * @param agent whether it runs
 * @param source where the desired state comes from
 * @param credential of a host that has joined; null for one that has not
 * @param trouble why the agent cannot do its work, as far as it knows; null if it can
 * @param faults what is wrong with manifests
 * @param next what the agent would do now
 * @param unknown what could not be found out for this report
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HostReport(
        Agent agent,
        HostStatus.@Nullable Origin source,
        @Nullable String credential,
        @Nullable String trouble,
        List<Workload> workloads,
        List<String> faults,
        List<String> next,
        List<String> unknown) {

    /**
     * The agent.
     *
     * @param running null where systemd could not be asked
     * @param version of the one that last wrote a status
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Agent(
            @Nullable Boolean running,
            String unit,
            @Nullable String version,
            @Nullable String started) {}

    /**
     * One workload.
     *
     * @param orphaned whether nobody asks for it any more: it stays in force until it is deleted
     * @param underWay whether it is being changed
     * @param status what the agent last reported of it; null for one that is orphaned
     * @param change what last changed for it
     * @param units as systemd has them now
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Workload(
            String kind,
            String namespace,
            String name,
            boolean orphaned,
            boolean underWay,
            @Nullable String revision,
            @Nullable HostAssignmentStatus status,
            @Nullable Change change,
            List<Unit> units) {}

    /** A unit, and its state; null where systemd could not be asked. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Unit(String name, @Nullable String state) {}

    /**
     * The workloads, by their names.
     *
     * @param written what the agent last said; null if it never did
     * @param units null where systemd could not be asked
     */
    static List<Workload> workloads(
            @Nullable HostStatus written, Ledger ledger, @Nullable Map<String, UnitState> units) {
        Map<String, HostStatus.Workload> known = written == null ? Map.of() : written.workloads();
        Set<String> names = new TreeSet<>(known.keySet());
        names.addAll(ledger.assignments().keySet());
        List<Workload> workloads = new ArrayList<>();
        for (String name : names) {
            workloads.add(workload(known.get(name), ledger.assignments().get(name), units));
        }
        return workloads;
    }

    private static Workload workload(
            HostStatus.@Nullable Workload known, @Nullable Applied applied, @Nullable Map<String, UnitState> units) {
        WorkloadReference reference = known != null ? known.workload() : applied != null ? applied.workload() : null;
        if (reference == null) {
            throw new IllegalArgumentException("a workload is known to the agent, or in the ledger, or both");
        }
        List<Unit> states = new ArrayList<>();
        if (applied != null) {
            for (String unit : new TreeSet<>(List.of(applied.trigger(), applied.payload()))) {
                states.add(new Unit(unit, units == null ? null : state(units, unit)));
            }
        }
        return new Workload(
                reference.kind(),
                reference.namespace(),
                reference.name(),
                known == null,
                applied != null && applied.pending() != null,
                applied == null ? null : applied.revision(),
                known == null ? null : known.status(),
                known == null ? null : known.change(),
                List.copyOf(states));
    }

    private static String state(Map<String, UnitState> units, String unit) {
        return units.getOrDefault(unit, UnitState.absent(unit)).activeState();
    }
}
