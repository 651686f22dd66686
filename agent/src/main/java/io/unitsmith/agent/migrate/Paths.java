package io.unitsmith.agent.migrate;

import io.unitsmith.agent.unit.HostPath;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Paths as PHP-FPM completes them, and as a manifest has them. */
record Paths(@Nullable String prefix) {

    private static final String VARIABLE = "$prefix";

    /** An absolute path is as it is; another is below the pool's prefix (fpm_evaluate_full_path). */
    String complete(String path) {
        if (path.startsWith("/")) {
            return path;
        }
        if (path.startsWith(VARIABLE)) {
            return complete("./" + path.substring(VARIABLE.length()));
        }
        return prefix == null ? ConfigReader.PREFIX + path : new Paths(null).complete(prefix) + "/" + path;
    }

    /** The shortest form of an absolute path; empty if a manifest cannot name it. */
    static Optional<String> canonical(String path) {
        String shortest = "/"
                + Arrays.stream(path.split("/", -1))
                        .filter(name -> !name.isEmpty() && !name.equals("."))
                        .collect(Collectors.joining("/"));
        boolean isPossible = HostPath.fault(shortest).isEmpty() && !shortest.endsWith(" ");
        return isPossible ? Optional.of(shortest) : Optional.empty();
    }
}
