package io.unitsmith.agent.kind;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Claims;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostAssignmentStatus.State;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A workload that this version cannot read in full: it is refused by itself, and stops nothing else. */
record NotUnderstood(WorkloadReference reference, List<Problem> problems) implements Workload {

    @Override
    public Set<String> users() {
        return Set.of();
    }

    @Override
    public Set<String> groups() {
        return Set.of();
    }

    @Override
    public Claims claims() {
        return new Claims(List.of(), List.of(), List.of(), List.of());
    }

    @Override
    public Outcome render(HostFacts facts) {
        return new Refused(problems);
    }

    @Override
    public Health judge(UnitState trigger, UnitState payload, @Nullable Sight sight) {
        return new Health(
                State.FAILED, Reason.NOT_UNDERSTOOD, problems.getFirst().text());
    }
}
