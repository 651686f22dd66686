package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.migrate.ConfigFiles;
import io.unitsmith.agent.migrate.ConfigFiles.Missing;
import io.unitsmith.agent.migrate.Note;
import io.unitsmith.agent.migrate.Note.Kind;
import io.unitsmith.agent.migrate.Place;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A .mount with the .automount beside it, as systemd reads them (systemd.mount(5), systemd.automount(5)). */
final class UnitReader {

    /** What is the same for every RemoteMount, or says nothing of the mount itself. */
    private static final Set<String> OF_NO_MATTER =
            Set.of("Unit.Description", "Unit.Documentation", "Unit.StartLimitIntervalSec", "Mount.DirectoryMode");

    /** As systemd reads them (parse_boolean). */
    private static final Set<String> TRUE = Set.of("1", "yes", "y", "true", "t", "on");

    private final ConfigFiles files;
    private final List<Note> notes;

    private UnitReader(ConfigFiles files, List<Note> notes) {
        this.files = files;
        this.notes = notes;
    }

    /**
     * The mount that a file is of; null, with a note, if it is of none.
     *
     * @param path of the .mount, or of its .automount
     */
    static @Nullable MountEntry read(String path, ConfigFiles files, List<Note> notes) {
        if (!path.endsWith(".mount") && !path.endsWith(".automount")) {
            notes.add(
                    new Note(new Place(path, 0), Kind.ERROR, "", "is no unit of a mount: name a .mount or .automount"));
            return null;
        }
        return new UnitReader(files, notes).entry(path.replaceFirst("\\.(auto)?mount$", ""));
    }

    private @Nullable MountEntry entry(String base) {
        @Nullable UnitText mount = text(base + ".mount");
        if (mount == null) {
            notes.add(
                    new Note(new Place(base + ".mount", 0), Kind.ERROR, "", "cannot be read: it says what is mounted"));
            return null;
        }
        @Nullable UnitText automount = text(base + ".automount");
        List<Note> own = new ArrayList<>();
        OptionalLong idle =
                automount == null ? OptionalLong.of(0) : seconds(automount, "Automount.TimeoutIdleSec", own);
        OptionalLong timeout = seconds(mount, "Mount.TimeoutSec", own);
        var entry = new MountEntry(
                new Place(base + ".mount", 0),
                mount.value("Mount.What"),
                mount.value("Mount.Where"),
                mount.value("Mount.Type"),
                Arrays.stream(mount.value("Mount.Options").split(",", -1))
                        .map(String::strip)
                        .toList(),
                automount != null,
                idle.orElse(0),
                timeout,
                unmountPolicy(mount),
                true,
                own);
        for (UnitText.Assignment unclear : mount.withSpecifiers()) {
            own.add(new Note(
                    unclear.place(),
                    Kind.ERROR,
                    unclear.name(),
                    "systemd puts something in the place of a % with a letter: write that itself"));
        }
        tellTheRest(mount, own);
        if (automount != null) {
            automount.value("Automount.Where");
            tellTheRest(automount, own);
        }
        return entry;
    }

    /** Of several, systemd takes the last, and of both the one that does more. */
    private static UnmountPolicy unmountPolicy(UnitText mount) {
        boolean lazy = TRUE.contains(mount.value("Mount.LazyUnmount").toLowerCase(Locale.ROOT));
        boolean force = TRUE.contains(mount.value("Mount.ForceUnmount").toLowerCase(Locale.ROOT));
        return force ? UnmountPolicy.FORCE : lazy ? UnmountPolicy.LAZY : UnmountPolicy.GRACEFUL;
    }

    private static void tellTheRest(UnitText unit, List<Note> notes) {
        for (UnitText.Assignment rest : unit.rest()) {
            boolean isOwn = rest.key().startsWith("Install.") || OF_NO_MATTER.contains(rest.key());
            if (!isOwn && !rest.key().equals("Automount.DirectoryMode")) {
                notes.add(new Note(
                        rest.place(),
                        Kind.DROPPED,
                        rest.name(), // without the value: an Environment= may have a password
                        "a RemoteMount has no field for it, and orders itself"));
            }
        }
    }

    private static OptionalLong seconds(UnitText unit, String key, List<Note> notes) {
        UnitText.@Nullable Assignment last = unit.last(key);
        if (last == null) {
            return OptionalLong.empty();
        }
        OptionalLong seconds = TimeSpan.seconds(last.value());
        if (seconds.isPresent()) {
            return seconds;
        }
        OptionalLong unquoted = TimeSpan.seconds(last.value().replaceAll("^[\"']|[\"']$", ""));
        notes.add(
                unquoted.isPresent()
                        ? new Note(
                                last.place(),
                                Kind.CHANGED,
                                last.line(),
                                "systemd ignored it, for the quotes: from now on it counts")
                        : new Note(last.place(), Kind.DROPPED, last.line(), "systemd ignores it: it is no time"));
        return unquoted;
    }

    private @Nullable UnitText text(String path) {
        try {
            return UnitText.parse(path, files.read(path));
        } catch (Missing e) {
            return null;
        }
    }
}
