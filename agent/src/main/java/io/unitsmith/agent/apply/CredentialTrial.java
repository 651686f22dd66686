package io.unitsmith.agent.apply;

import io.unitsmith.agent.workload.Rendering.Trial;
import io.unitsmith.api.v1alpha1.Problem;
import java.io.IOException;
import java.util.Map;

/** Has a server judge new credentials before they take the place of those in use. */
@FunctionalInterface
public interface CredentialTrial {

    /**
     * Begins trials, and tells of those that were begun before; a server that does not answer is not waited for.
     *
     * @return what stands against each of these now, by the names given; what is not in the answer has passed
     */
    Map<String, Problem> judge(Map<String, Trial> wanted) throws IOException;
}
