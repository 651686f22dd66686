package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.migrate.Note;
import io.unitsmith.agent.migrate.Note.Kind;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Types as mount(8) calls them, as those of RemoteMounts. */
final class MountType {

    /** As {@code spec.type} spells them. */
    static final Set<String> ALL = Arrays.stream(RemoteMountSpec.Type.values())
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    private MountType() {}

    /** Null, with a note, if no RemoteMount can be of that type. */
    static RemoteMountSpec.@Nullable Type of(MountEntry entry, List<Note> notes) {
        return switch (entry.type()) {
            case "nfs4" -> RemoteMountSpec.Type.NFS4;
            case "nfs" -> nfs(entry, notes);
            case "cifs" -> RemoteMountSpec.Type.CIFS;
            case "smb3" -> RemoteMountSpec.Type.SMB3;
            case "sshfs", "fuse.sshfs" -> RemoteMountSpec.Type.SSHFS;
            case "davfs" -> RemoteMountSpec.Type.DAVFS;
            case "s3fs", "fuse.s3fs" -> RemoteMountSpec.Type.S3FS;
            case "glusterfs" -> RemoteMountSpec.Type.GLUSTERFS;
            case "ceph" -> RemoteMountSpec.Type.CEPH;
            case "fuse" ->
                switch (entry.source().replaceFirst("#.*", "")) {
                    case "sshfs" -> RemoteMountSpec.Type.SSHFS;
                    case "s3fs" -> RemoteMountSpec.Type.S3FS;
                    default -> unknown(entry, notes);
                };
            default -> unknown(entry, notes);
        };
    }

    /** What is mounted, without the program's name before it, as fstab had it once. */
    static String source(MountEntry entry) {
        return entry.type().equals("fuse") ? entry.source().replaceFirst("^(sshfs|s3fs)#", "") : entry.source();
    }

    private static RemoteMountSpec.@Nullable Type nfs(MountEntry entry, List<Note> notes) {
        Optional<String> version = entry.options().stream()
                .filter(option -> option.matches("(nfs)?vers=.*"))
                .reduce((a, b) -> b);
        if (version.isEmpty()) {
            notes.add(new Note(
                    entry.place(), Kind.CHANGED, "nfs", "its type is nfs4: it does not fall back to version 3"));
            return RemoteMountSpec.Type.NFS4;
        }
        return switch (version.get().replaceFirst(".*=", "").replaceFirst("[.].*", "")) {
            case "3" -> RemoteMountSpec.Type.NFS;
            case "4" -> RemoteMountSpec.Type.NFS4;
            default -> {
                notes.add(refusal(entry, version.get() + ": only versions 3 and 4 of NFS can be a RemoteMount"));
                yield null;
            }
        };
    }

    private static RemoteMountSpec.@Nullable Type unknown(MountEntry entry, List<Note> notes) {
        notes.add(refusal(
                entry,
                "type \"%s\" cannot be a RemoteMount; these can: %s"
                        .formatted(entry.type(), String.join(", ", new TreeSet<>(ALL)))));
        return null;
    }

    /** That nothing comes of a mount. */
    static Note refusal(MountEntry entry, String why) {
        return new Note(entry.place(), Kind.ERROR, entry.path(), "no RemoteMount is written: " + why);
    }
}
