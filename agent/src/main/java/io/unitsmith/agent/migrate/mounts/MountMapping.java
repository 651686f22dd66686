package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.ConfigFiles.Missing;
import io.unitsmith.agent.migrate.Imported;
import io.unitsmith.agent.migrate.Note;
import io.unitsmith.agent.migrate.Note.Kind;
import io.unitsmith.agent.workload.Workload.Refused;
import io.unitsmith.api.v1alpha1.DriftPolicy;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.Automount;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.Credentials;
import io.unitsmith.api.v1alpha1.SecretReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One mount that a host has, as a RemoteMount. What no host would take is told, and left out. */
final class MountMapping {

    private static final String KIND = "RemoteMount";

    /** What is so for every RemoteMount, or says what is so anyway. */
    private static final Set<String> ALWAYS_SO = Set.of(
            "",
            "defaults",
            "rw",
            "auto",
            "async",
            "exec",
            "_netdev",
            "nofail",
            "nosuid",
            "nodev",
            "allow_other",
            "default_permissions",
            "reconnect",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=3",
            "IdentitiesOnly=yes",
            "StrictHostKeyChecking=yes",
            "BatchMode=yes");

    private static final Set<String> FOR_USERS = Set.of("user", "users", "owner", "group");

    private static final HostFacts ANY_HOST = new HostFacts(
            0,
            Map.of(),
            Map.of(),
            Map.of(),
            Arrays.stream(RemoteMountSpec.Type.values())
                    .map(type -> type.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet()),
            Map.of());

    private static final int LONGEST_IDLE = 24 * 3600;
    private static final int LONGEST_MOUNTING = 600;

    private final MountEntry entry;
    private final String namespace;
    private final String name;
    private final Secrets secrets;
    private final List<Note> notes;
    private final Map<String, String> options = new LinkedHashMap<>();
    private boolean isReadOnly;

    MountMapping(MountEntry entry, String namespace, String name, ConfigFiles files) {
        this.entry = entry;
        this.namespace = namespace;
        this.name = name;
        this.secrets = new Secrets(files);
        this.notes = new ArrayList<>(entry.notes());
    }

    /** What there is to say of it, once it is mapped. */
    List<Note> notes() {
        return notes;
    }

    /** Empty if no host would take it; the notes say why. */
    Optional<Imported> map() {
        RemoteMountSpec.@Nullable Type type = type();
        if (type == null) {
            return Optional.empty();
        }
        entry.options().forEach(option -> take(type, option));
        var automount = new Automount(entry.isAutomatic(), entry.isAutomatic() ? idleTimeout() : "5m");
        String mountTimeout = mountTimeout();
        RemoteMountSpec spec = spec(type, automount, mountTimeout);
        for (Problem problem : problems(spec)) {
            @Nullable String option = option(problem, spec);
            if (option == null) {
                refuse(problem.text());
            } else {
                options.remove(nameOf(option));
                note(Kind.DROPPED, nameOf(option), problem.message());
            }
        }
        return notes.stream().anyMatch(note -> note.kind() == Kind.ERROR)
                ? Optional.empty()
                : Optional.of(new Imported(
                        KIND,
                        namespace,
                        name,
                        entry.path(),
                        entry.place(),
                        spec(type, automount, mountTimeout),
                        secrets.found(),
                        notes));
    }

    private RemoteMountSpec.@Nullable Type type() {
        return switch (entry.type()) {
            case "nfs4" -> RemoteMountSpec.Type.NFS4;
            case "nfs" -> nfs();
            case "cifs" -> RemoteMountSpec.Type.CIFS;
            case "smb3" -> {
                note(Kind.CHANGED, "smb3", "its type is cifs, which takes SMB 2.1 and newer");
                yield RemoteMountSpec.Type.CIFS;
            }
            case "sshfs", "fuse.sshfs" -> RemoteMountSpec.Type.SSHFS;
            case "fuse" -> entry.source().startsWith("sshfs#") ? RemoteMountSpec.Type.SSHFS : unknown();
            default -> unknown();
        };
    }

    private RemoteMountSpec.@Nullable Type nfs() {
        Optional<String> old = entry.options().stream()
                .filter(option -> option.matches("(nfs)?vers=[23].*"))
                .findFirst();
        if (old.isPresent()) {
            refuse("%s: only version 4 of NFS can be a RemoteMount".formatted(old.get()));
            return null;
        }
        note(Kind.CHANGED, "nfs", "its type is nfs4: it does not fall back to version 3");
        return RemoteMountSpec.Type.NFS4;
    }

    private RemoteMountSpec.@Nullable Type unknown() {
        refuse("type \"%s\" cannot be a RemoteMount; nfs4, cifs and sshfs can".formatted(entry.type()));
        return null;
    }

    private void take(RemoteMountSpec.Type type, String option) {
        String optionName = nameOf(option);
        String value = option.substring(Math.min(option.length(), optionName.length() + 1));
        try {
            if (ALWAYS_SO.contains(option) || secrets.take(type, option)) {
                return;
            }
        } catch (Missing e) {
            note(Kind.ERROR, option, "the file %s: run this as root, on the host".formatted(e.why()));
            return;
        }
        if (option.equals("ro")) {
            isReadOnly = true;
        } else if (option.equals("suid") || option.equals("dev")) {
            note(Kind.DROPPED, option, "nosuid and nodev are always there");
        } else if (FOR_USERS.contains(option)) {
            note(Kind.DROPPED, option, "nobody but systemd mounts it");
        } else if ((optionName.equals("uid") || optionName.equals("gid")) && !value.matches("[0-9]+")) {
            note(Kind.ERROR, option, "write the number, since hosts may differ: see id " + value);
        } else {
            // mount(8) takes the last of several
            options.put(optionName, option);
        }
    }

    private RemoteMountSpec spec(RemoteMountSpec.Type type, Automount automount, String mountTimeout) {
        return new RemoteMountSpec(
                null,
                null,
                type,
                type == RemoteMountSpec.Type.SSHFS ? entry.source().replaceFirst("^sshfs#", "") : entry.source(),
                entry.path(),
                List.copyOf(options.values()),
                isReadOnly,
                automount,
                mountTimeout,
                "0755",
                null,
                entry.isUnits(),
                secrets.found().isEmpty() ? null : new Credentials(new SecretReference(Imported.secretName(name))),
                DriftPolicy.REPAIR);
    }

    private String idleTimeout() {
        return bounded("idleTimeout", entry.idleSeconds(), text(entry.idleSeconds()), LONGEST_IDLE);
    }

    private String mountTimeout() {
        if (entry.timeoutSeconds().isEmpty()) {
            return "30s";
        }
        long seconds = entry.timeoutSeconds().getAsLong();
        return seconds == 0
                ? bounded("mountTimeout", Long.MAX_VALUE, "without end", LONGEST_MOUNTING)
                : bounded("mountTimeout", seconds, text(seconds), LONGEST_MOUNTING);
    }

    private String bounded(String field, long seconds, String was, int most) {
        if (seconds <= most) {
            return text(seconds);
        }
        note(Kind.CHANGED, "", "%s was %s, and is %s at most".formatted(field, was, text(most)));
        return text(most);
    }

    private static String text(long seconds) {
        if (seconds == 0) {
            return "0s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private List<Problem> problems(RemoteMountSpec spec) {
        Map<String, byte[]> data = new HashMap<>();
        secrets.found().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
        var outcome = Workloads.of(
                        new WorkloadReference(KIND, namespace, name, ""),
                        new Content("import", null, spec, null),
                        data.isEmpty() ? null : data)
                .render(ANY_HOST);
        return outcome instanceof Refused(List<Problem> problems) ? problems : List.of();
    }

    /** The option that a problem is about; null if it is about something else. */
    private static @Nullable String option(Problem problem, RemoteMountSpec spec) {
        String field = Objects.requireNonNullElse(problem.field(), "");
        return field.startsWith("spec.options[")
                ? spec.options().get(Integer.parseInt(field.replaceAll("\\D", "")))
                : null;
    }

    private static String nameOf(String option) {
        return option.replaceFirst("=.*", "");
    }

    private void refuse(String why) {
        note(Kind.ERROR, entry.path(), "no RemoteMount is written: " + why);
    }

    private void note(Kind kind, String line, String text) {
        notes.add(new Note(entry.place(), kind, line, text));
    }
}
