package io.unitsmith.agent.admit;

import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.source.Assignment.Part;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import java.util.Set;
import java.util.TreeSet;

/** A revision, live or staged, that is to be judged. */
public record Candidate(String assignment, WorkloadReference reference, boolean live, Part part, Workload workload) {

    /** What no other workload of the host can have: what it claims, and its units. */
    Set<String> claims(Rendering rendering) {
        Set<String> claims = new TreeSet<>();
        workload.claims().exclusive().stream().map(Claim::value).forEach(claims::add);
        claims.add(rendering.trigger());
        claims.add(rendering.payload());
        return claims;
    }

    /** As something to be enforced. */
    public Wanted wanted(Rendering rendering) {
        return new Wanted(
                assignment,
                reference,
                part.content().revision(),
                part.content().secret(),
                claims(rendering),
                rendering,
                workload.adopts(),
                false);
    }
}
