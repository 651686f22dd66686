package io.unitsmith.agent.admit;

import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.List;

/** What this host says to a revision. */
public sealed interface Verdict {

    /** It can be enforced. */
    record Accepted(Rendering rendering) implements Verdict {}

    /** It cannot, for these reasons. */
    record Rejected(List<Problem> problems) implements Verdict {

        public Rejected(Problem problem) {
            this(List.of(problem));
        }
    }
}
