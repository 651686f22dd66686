package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.ConfigFiles.Missing;
import io.unitsmith.agent.migrate.Imported;
import io.unitsmith.agent.migrate.Imports;
import io.unitsmith.agent.migrate.Note;
import io.unitsmith.agent.migrate.Note.Kind;
import io.unitsmith.agent.migrate.ObjectNames;
import io.unitsmith.agent.migrate.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Existing mounts as RemoteMounts. */
public final class MountImport {

    private MountImport() {}

    /** The file systems of servers in a file such as /etc/fstab. */
    public static Imports ofFstab(String path, ConfigFiles files, String namespace) {
        try {
            return map(FstabReader.read(path, files.read(path)), files, namespace, new ArrayList<>());
        } catch (Missing e) {
            return new Imports(List.of(), List.of(new Note(new Place(path, 0), Kind.ERROR, "", e.why())));
        }
    }

    /** Units of mounts; a .mount and its .automount are one, whichever of them is named. */
    public static Imports ofUnits(List<String> paths, ConfigFiles files, String namespace) {
        List<Note> notes = new ArrayList<>();
        List<MountEntry> entries = paths.stream()
                .map(path -> path.replaceFirst("\\.automount$", ".mount"))
                .distinct()
                .flatMap(path -> Stream.ofNullable(UnitReader.read(path, files, notes)))
                .toList();
        return map(entries, files, namespace, notes);
    }

    private static Imports map(List<MountEntry> entries, ConfigFiles files, String namespace, List<Note> notes) {
        var names = new ObjectNames("mount");
        List<Imported> mounts = new ArrayList<>();
        for (MountEntry entry : entries) {
            var mapping = new MountMapping(entry, namespace, names.next(entry.path()), files);
            Optional<Imported> mount = mapping.map();
            mount.ifPresentOrElse(mounts::add, () -> notes.addAll(mapping.notes()));
        }
        return new Imports(mounts, List.copyOf(notes));
    }
}
