package io.unitsmith.agent.apply;

import io.unitsmith.agent.workload.Rendering.Check;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Has the program that a configuration is for judge it before it is live. */
@FunctionalInterface
public interface ConfigurationCheck {

    /**
     * Runs checks. The answers are in the same order; empty for one that has passed.
     *
     * @param uids the users of the checks
     */
    List<Optional<Problem>> run(List<Check> checks, Map<String, Long> uids) throws IOException;
}
