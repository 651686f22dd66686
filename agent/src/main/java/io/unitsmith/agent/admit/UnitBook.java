package io.unitsmith.agent.admit;

import io.unitsmith.agent.apply.UnitCheck;
import io.unitsmith.agent.unit.VerifyReport.Complaint;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What systemd says of units before they are live. */
final class UnitBook {

    private static final int MOST = 5;

    private final UnitCheck check;
    private final Memo<Key> memo;

    /** Not the check of the configuration: it has a function in it, which equals no other. */
    private record Key(List<Rendering.Entry> entries, String trigger, String payload, int systemd) {

        Rendering rendering() {
            return new Rendering(entries, trigger, payload, Optional.empty());
        }
    }

    UnitBook(UnitCheck check, Clock clock) {
        this.check = check;
        this.memo = new Memo<>(clock);
    }

    /** What stands against each of these, by the names given; what is not in the answer has passed. */
    Map<String, Problem> judge(Map<String, Rendering> wanted, int systemd) throws IOException {
        Map<String, Key> keys = new HashMap<>();
        wanted.forEach((name, rendering) ->
                keys.put(name, new Key(rendering.entries(), rendering.trigger(), rendering.payload(), systemd)));
        return memo.judge(keys, this::run);
    }

    private List<Optional<Problem>> run(List<Key> keys) throws IOException {
        return check.complaints(keys.stream().map(Key::rendering).toList()).stream()
                .map(UnitBook::problem)
                .toList();
    }

    private static Optional<Problem> problem(List<Complaint> complaints) {
        return complaints.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of(
                        Reason.UNIT_REJECTED,
                        null,
                        "systemd-analyze verify says of "
                                + complaints.stream()
                                        .limit(MOST)
                                        .map(Complaint::toString)
                                        .collect(Collectors.joining("; "))));
    }
}
