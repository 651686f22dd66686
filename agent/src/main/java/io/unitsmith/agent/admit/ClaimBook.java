package io.unitsmith.agent.admit;

import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who has what on this host: what is live there already, and then who comes first. */
final class ClaimBook {

    private final Map<String, String> holders = new HashMap<>();
    private final Map<String, String> titles = new HashMap<>();

    ClaimBook(Ledger ledger) {
        ledger.assignments().forEach((name, applied) -> {
            applied.claims().forEach(claim -> holders.put(claim, name));
            titles.put(name, Header.title(applied.workload()));
        });
    }

    /** Takes all that the candidate claims, or says who has it already. */
    Optional<Problem> take(Candidate candidate, Rendering rendering) {
        for (String claim : candidate.claims(rendering)) {
            @Nullable String holder = holders.get(claim);
            if (holder != null && !holder.equals(candidate.assignment())) {
                String field = candidate.workload().claims().exclusive().stream()
                        .filter(one -> one.value().equals(claim))
                        .map(Claim::field)
                        .findFirst()
                        .orElse(null);
                return Optional.of(Problem.of(
                        Reason.CONFLICT,
                        field,
                        "%s has \"%s\" on this host already: remove that, or choose another"
                                .formatted(titles.getOrDefault(holder, "another workload"), claim)));
            }
        }
        candidate.claims(rendering).forEach(claim -> holders.put(claim, candidate.assignment()));
        titles.put(candidate.assignment(), Header.title(candidate.reference()));
        return Optional.empty();
    }
}
