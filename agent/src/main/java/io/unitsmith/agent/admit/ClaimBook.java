package io.unitsmith.agent.admit;

import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.unit.HostPath;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.agent.workload.Header;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who has what on this host: what is live there already, and then who comes first. */
final class ClaimBook {

    /** Sorted, so that what is below a path follows it. */
    private final TreeMap<String, String> holders = new TreeMap<>();

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
                                .formatted(title(holder), claim)));
            }
        }
        Optional<Problem> nested = candidate.workload().claims().mountPoints().stream()
                .flatMap(claim -> nested(candidate, claim).stream())
                .findFirst();
        if (nested.isPresent()) {
            return nested;
        }
        candidate.claims(rendering).forEach(claim -> holders.put(claim, candidate.assignment()));
        titles.put(candidate.assignment(), Header.title(candidate.reference()));
        return Optional.empty();
    }

    /** A mount in another one would keep that from ever going idle, and would be hidden whenever the other comes later. */
    private Optional<Problem> nested(Candidate candidate, Claim mountPoint) {
        List<String> others = new ArrayList<>();
        String path = mountPoint.value();
        for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
            others.add(path.substring(0, end));
        }
        others.addAll(holders.subMap(path + "/", path + "0").keySet()); // "0" is the character after "/"
        return others.stream()
                .filter(other ->
                        !holders.getOrDefault(other, candidate.assignment()).equals(candidate.assignment()))
                .map(other -> Problem.of(
                        Reason.CONFLICT,
                        mountPoint.field(),
                        "\"%s\" is %s \"%s\", which %s has on this host: one mount cannot be in another, choose another path"
                                .formatted(
                                        path,
                                        HostPath.isBelow(path, other) ? "below" : "above",
                                        other,
                                        title(holders.get(other)))))
                .findFirst();
    }

    private String title(@Nullable String holder) {
        return titles.getOrDefault(holder, "another workload");
    }
}
