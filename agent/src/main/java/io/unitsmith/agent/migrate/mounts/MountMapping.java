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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

    /** What a davfs2.conf says that each RemoteMount's own says anyway. */
    private static final Set<String> OF_DAVFS = Set.of("secrets", "ask_auth", "buf_size");

    private static final int LONGEST_IDLE = 24 * 3600;
    private static final int LONGEST_MOUNTING = 600;

    private final MountEntry entry;
    private final String namespace;
    private final String name;
    private final ConfigFiles files;
    private final Secrets secrets;
    private final List<Note> notes;
    private final Map<String, String> options = new LinkedHashMap<>();
    private boolean isReadOnly;

    MountMapping(MountEntry entry, String namespace, String name, ConfigFiles files) {
        this.entry = entry;
        this.namespace = namespace;
        this.name = name;
        this.files = files;
        this.secrets = new Secrets(entry, files);
        this.notes = new ArrayList<>(entry.notes());
    }

    /** What there is to say of it, once it is mapped. */
    List<Note> notes() {
        return notes;
    }

    /** Empty if no host would take it; the notes say why. */
    Optional<Imported> map() {
        RemoteMountSpec.@Nullable Type type = MountType.of(entry, notes);
        if (type == null) {
            return Optional.empty();
        }
        var owners = new Owners(type, entry.options());
        entry.options().forEach(option -> take(type, owners, option));
        secrets.unnamed(type).ifPresent(file -> read(type, file));
        var automount = new Automount(entry.isAutomatic(), entry.isAutomatic() ? idleTimeout() : "5m");
        String mountTimeout = mountTimeout();
        RemoteMountSpec spec = spec(type, owners, automount, mountTimeout);
        for (Problem problem : problems(spec, owners)) {
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
                        spec(type, owners, automount, mountTimeout),
                        secrets.found(),
                        notes));
    }

    private void take(RemoteMountSpec.Type type, Owners owners, String option) {
        String optionName = nameOf(option);
        String value = option.substring(Math.min(option.length(), optionName.length() + 1));
        try {
            if (type == RemoteMountSpec.Type.DAVFS && optionName.equals("conf")) {
                takeDavfsConfig(owners, files.read(value));
                return;
            }
            if (isAlwaysSo(type, option) || secrets.take(type, option) || owners.take(optionName, value)) {
                return;
            }
        } catch (Missing e) {
            missing(option, e);
            return;
        }
        if (option.equals("ro")) {
            isReadOnly = true;
        } else if (option.equals("suid") || option.equals("dev")) {
            note(Kind.DROPPED, option, "nosuid and nodev are always there");
        } else if (optionName.matches("[ug]id") && value.matches(Owners.ROOT)) {
            note(Kind.DROPPED, option, "nothing that a server holds may pass for root's own");
        } else if (FOR_USERS.contains(option)) {
            note(Kind.DROPPED, option, "nobody but systemd mounts it");
        } else {
            // mount(8) takes the last of several
            options.put(optionName, option);
        }
    }

    private static boolean isAlwaysSo(RemoteMountSpec.Type type, String option) {
        return ALWAYS_SO.contains(option) || (type == RemoteMountSpec.Type.NFS && option.matches("(nfs)?vers=3"));
    }

    /** Settings before the first section are for every mount point; a section is for one. */
    private void takeDavfsConfig(Owners owners, String text) {
        boolean applies = true;
        for (List<String> words : DavfsText.lines(text)) {
            if (words.size() == 1) {
                applies = words.getFirst().equals("[" + entry.path() + "]");
            } else if (applies && words.getFirst().equals("secrets")) {
                read(RemoteMountSpec.Type.DAVFS, words.get(1));
            } else if (applies && !OF_DAVFS.contains(words.getFirst())) {
                take(RemoteMountSpec.Type.DAVFS, owners, words.get(0) + "=" + words.get(1));
            }
        }
    }

    private void read(RemoteMountSpec.Type type, String file) {
        try {
            secrets.read(type, file);
        } catch (Missing e) {
            missing(file, e);
        }
    }

    private void missing(String line, Missing e) {
        note(Kind.ERROR, line, "the file %s: run this as root, on the host".formatted(e.why()));
    }

    private RemoteMountSpec spec(RemoteMountSpec.Type type, Owners owners, Automount automount, String mountTimeout) {
        return new RemoteMountSpec(
                null,
                null,
                type,
                MountType.source(entry),
                entry.path(),
                List.copyOf(options.values()),
                isReadOnly,
                automount,
                mountTimeout,
                "0755",
                owners.ownership(),
                entry.isUnits(),
                true,
                secrets.found().isEmpty() ? null : new Credentials(new SecretReference(Imported.secretName(name))),
                RemoteMountSpec.RotationPolicy.ON_NEXT_MOUNT,
                DriftPolicy.REPAIR,
                entry.unmountPolicy(),
                null);
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

    private List<Problem> problems(RemoteMountSpec spec, Owners owners) {
        Map<String, byte[]> data = new HashMap<>();
        secrets.found().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
        var outcome = Workloads.of(
                        new WorkloadReference(KIND, namespace, name, ""),
                        new Content("import", null, spec, null),
                        data.isEmpty() ? null : data)
                .render(new HostFacts(0, Map.of(), owners.users(), owners.groups(), MountType.ALL, Map.of()));
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
        notes.add(MountType.refusal(entry, why));
    }

    private void note(Kind kind, String line, String text) {
        notes.add(new Note(entry.place(), kind, line, text));
    }
}
