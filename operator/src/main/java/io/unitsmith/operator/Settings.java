package io.unitsmith.operator;

import io.unitsmith.operator.host.HostNamespace;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the Deployment says, by environment variables.
 *
 * @param agentServer the API server's URL as hosts reach it
 * @param pod this replica's name
 * @param account the ServiceAccount that this runs as, and by its namespace where this runs
 */
record Settings(String agentServer, String pod, HostNamespace.Account account) {

    static Settings of(Map<String, String> environment) {
        return new Settings(
                required(environment, "UNITSMITH_AGENT_SERVER"),
                required(environment, "POD_NAME"),
                new HostNamespace.Account(
                        required(environment, "POD_NAMESPACE"), required(environment, "POD_SERVICE_ACCOUNT")));
    }

    private static String required(Map<String, String> environment, String name) {
        @Nullable String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("the environment variable " + name + " is needed");
        }
        return value;
    }
}
