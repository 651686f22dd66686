package io.unitsmith.agent.mount;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.HostFacts.Group;
import io.unitsmith.agent.facts.HostFacts.User;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whose the files of a mount show to be: users and groups by name are those of the host. */
final class Ownership {

    private static final String FIELD = "spec.ownership";
    private static final Pattern MODE = Pattern.compile(Options.MODE);
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern ID = Pattern.compile(Options.ID);

    private final FileSystem type;
    private final RemoteMountSpec.@Nullable Ownership ownership;

    Ownership(RemoteMountSpec spec) {
        this.type = FileSystem.of(spec.type());
        this.ownership = spec.ownership();
    }

    /** The users whose facts it needs. */
    Set<String> users() {
        return name(ownership == null ? null : ownership.uid());
    }

    /** The groups whose facts it needs. */
    Set<String> groups() {
        return name(ownership == null ? null : ownership.gid());
    }

    private static Set<String> name(@Nullable String owner) {
        return Stream.ofNullable(owner)
                .filter(name -> !NUMBER.matcher(name).matches())
                .collect(Collectors.toSet());
    }

    void check(Problems problems, HostFacts facts) {
        if (ownership == null) {
            return;
        }
        checkMode(problems, "fileMode", ownership.fileMode());
        checkMode(problems, "dirMode", ownership.dirMode());
        type.ownershipFault(ownership).ifPresent(fault -> problems.add(Reason.INVALID, FIELD, fault));
        String uid = ownership.uid();
        if (uid != null && !checkNumber(problems, "uid", uid)) {
            @Nullable User user = facts.users().get(uid);
            if (user == null) {
                problems.add(Reason.USER_NOT_FOUND, FIELD + ".uid", unknown("user", uid));
            } else if (user.uid() == 0) {
                problems.add(Reason.INVALID, FIELD + ".uid", rootsOwn(uid));
            }
        }
        String gid = ownership.gid();
        if (gid != null && !checkNumber(problems, "gid", gid)) {
            @Nullable Group group = facts.groups().get(gid);
            if (group == null) {
                problems.add(Reason.GROUP_NOT_FOUND, FIELD + ".gid", unknown("group", gid));
            } else if (group.gid() == 0) {
                problems.add(Reason.INVALID, FIELD + ".gid", rootsOwn(gid));
            }
        }
    }

    private static String unknown(String kind, String name) {
        return "no %s \"%s\" on this host: create it, or name one that exists".formatted(kind, name);
    }

    private static String rootsOwn(String owner) {
        return "\"%s\" is root's, so what the server holds would pass for the system's own: name another"
                .formatted(owner);
    }

    /** Whether it is one, right or wrong. */
    private static boolean checkNumber(Problems problems, String field, String owner) {
        boolean isNumber = NUMBER.matcher(owner).matches();
        if (isNumber && !ID.matcher(owner).matches()) {
            problems.add(
                    Reason.INVALID,
                    FIELD + "." + field,
                    "\"%s\" is no number from 1 to 999999999, without zeros before it".formatted(owner));
        }
        return isNumber;
    }

    private static void checkMode(Problems problems, String field, @Nullable String mode) {
        if (mode != null && !MODE.matcher(mode).matches()) {
            problems.add(Reason.INVALID, FIELD + "." + field, modeFault(mode));
        }
    }

    /** What is wrong with a mode. */
    static String modeFault(String mode) {
        return "\"%s\" is not four octal digits, the first of them 0: write such as \"0750\"".formatted(mode);
    }

    /** The mount options that say it, on a host where nothing stands against it. */
    List<String> options(HostFacts facts) {
        if (ownership == null) {
            return List.of();
        }
        Optional<String> uid = Optional.ofNullable(ownership.uid())
                .map(name -> Optional.ofNullable(facts.users().get(name))
                        .map(user -> Long.toString(user.uid()))
                        .orElse(name));
        Optional<String> gid = Optional.ofNullable(ownership.gid())
                .map(name -> Optional.ofNullable(facts.groups().get(name))
                        .map(group -> Long.toString(group.gid()))
                        .orElse(name));
        return type.ownershipOptions(new Owner(
                uid, gid, Optional.ofNullable(ownership.fileMode()), Optional.ofNullable(ownership.dirMode())));
    }

    /**
     * An owner on one host.
     *
     * @param uid in digits
     * @param gid in digits
     * @param fileMode in four octal digits, as is dirMode
     */
    record Owner(Optional<String> uid, Optional<String> gid, Optional<String> fileMode, Optional<String> dirMode) {

        /** As helpers take it that know files and directories apart. */
        List<String> withModes() {
            return Stream.of(
                            uid.map(id -> "uid=" + id),
                            gid.map(id -> "gid=" + id),
                            fileMode.map(mode -> "file_mode=" + mode),
                            dirMode.map(mode -> "dir_mode=" + mode))
                    .flatMap(Optional::stream)
                    .toList();
        }

        /** As libfuse takes it: one umask is for all, which shows no more and no less than its rest. */
        List<String> withUmask() {
            return Stream.of(
                            uid.map(id -> "uid=" + id),
                            gid.map(id -> "gid=" + id),
                            fileMode.map(mode -> "umask=0%03o".formatted(0777 & ~Integer.parseInt(mode, 8))))
                    .flatMap(Optional::stream)
                    .toList();
        }
    }

    /** What stands against modes that {@link Owner#withUmask} could not say. */
    static Optional<String> umaskFault(String type, RemoteMountSpec.Ownership ownership) {
        return Objects.equals(ownership.fileMode(), ownership.dirMode())
                ? Optional.empty()
                : Optional.of(
                        "%s shows one mode for files and directories: give fileMode and dirMode the same, or neither"
                                .formatted(type));
    }
}
