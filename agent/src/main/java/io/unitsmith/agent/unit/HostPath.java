package io.unitsmith.agent.unit;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Paths as unit files can name them: absolute, and in their one shortest form. */
public final class HostPath {

    private HostPath() {}

    /** What is wrong with a path, and what would be right; empty if nothing is. */
    public static Optional<String> fault(String path) {
        if (!path.startsWith("/")) {
            return Optional.of("is not absolute: begin with /");
        }
        if (Arrays.asList(path.split("/", -1)).contains("..")) {
            return Optional.of("has .. in it: name the directory itself");
        }
        String shortest = "/"
                + Arrays.stream(path.split("/", -1))
                        .filter(component -> !component.isEmpty() && !component.equals("."))
                        .collect(Collectors.joining("/"));
        return path.equals(shortest)
                ? UnitFile.fault(path)
                : Optional.of("is not in its shortest form: write \"" + shortest + "\"");
    }

    /** Whether a path is below a folder that is not the root; nothing is below itself. */
    public static boolean isBelow(String path, String folder) {
        return path.startsWith(folder + "/");
    }
}
