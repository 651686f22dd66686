package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.facts.HostFacts.Group;
import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.Ownership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose files show to be, where options say it by a name: each host may have another number for it. */
final class Owners {

    private static final Set<RemoteMountSpec.Type> TYPES = Set.of(
            RemoteMountSpec.Type.CIFS,
            RemoteMountSpec.Type.SMB3,
            RemoteMountSpec.Type.SSHFS,
            RemoteMountSpec.Type.DAVFS,
            RemoteMountSpec.Type.S3FS);

    /** Who never owns anything there. */
    static final String ROOT = "0|root";

    private static final String NUMBER = "[0-9]+";

    private final Map<String, String> found = new HashMap<>();
    private final boolean areByName;

    Owners(RemoteMountSpec.Type type, List<String> options) {
        areByName = TYPES.contains(type)
                && options.stream().anyMatch(option -> option.matches("[ug]id=(?!root$|" + NUMBER + "$).+"));
    }

    /** Whether an option is of those that {@code ownership} says; then it is taken. */
    boolean take(String name, String value) {
        if (!areByName) {
            return false;
        }
        switch (name) {
            case "uid", "gid" -> {
                if (value.matches(ROOT)) {
                    return false;
                }
                found.put(name, value);
            }
            case "file_mode", "dir_mode" -> found.put(name, mode(value));
            case "umask" -> {
                if (!value.matches("0?[0-7]{3}")) {
                    return false;
                }
                String shown = "0%03o".formatted(0777 & ~Integer.parseInt(value, 8));
                found.put("file_mode", shown);
                found.put("dir_mode", shown);
            }
            case "forceuid", "forcegid" -> {
                return true; // goes without saying there
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String mode(String value) {
        return value.matches("[0-7]{3}") ? "0" + value : value;
    }

    @Nullable
    Ownership ownership() {
        return found.isEmpty()
                ? null
                : new Ownership(found.get("uid"), found.get("gid"), found.get("file_mode"), found.get("dir_mode"));
    }

    /** The users by name, as a host has them where they are. */
    Map<String, User> users() {
        @Nullable String name = name("uid");
        return name == null ? Map.of() : Map.of(name, new User(name, 1000, 1000, name, Set.of(name), "/home"));
    }

    /** The groups by name. */
    Map<String, Group> groups() {
        @Nullable String name = name("gid");
        return name == null ? Map.of() : Map.of(name, new Group(name, 1000));
    }

    private @Nullable String name(String key) {
        @Nullable String name = found.get(key);
        return name == null || name.matches(NUMBER) ? null : name;
    }
}
