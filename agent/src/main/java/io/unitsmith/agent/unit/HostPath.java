package io.unitsmith.agent.unit;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Paths as unit files can name them: absolute, and in their one shortest form. */
public final class HostPath {

    private static final int MOST_NAME_BYTES = 255;

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
        if (!path.equals(shortest)) {
            return Optional.of("is not in its shortest form: write \"" + shortest + "\"");
        }
        return UnitFile.fault(path).or(() -> tooLong(path));
    }

    /** What the kernel, and systemd with it, does not take for a path: PATH_MAX and NAME_MAX. */
    private static Optional<String> tooLong(String path) {
        if (UnitFile.bytes(path) > UnitFile.MOST_BYTES) {
            return Optional.of("has more than " + UnitFile.MOST_BYTES + " bytes");
        }
        return Arrays.stream(path.split("/", -1)).anyMatch(name -> UnitFile.bytes(name) > MOST_NAME_BYTES)
                ? Optional.of("has a name of more than " + MOST_NAME_BYTES + " bytes in it")
                : Optional.empty();
    }

    /** The folder that it is in; that of what is in the root, and of the root itself, is the root. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 0 ? path.substring(0, slash) : "/";
    }

    /** Whether a path is below a folder that is not the root; nothing is below itself. */
    public static boolean isBelow(String path, String folder) {
        return path.startsWith(folder + "/");
    }
}
