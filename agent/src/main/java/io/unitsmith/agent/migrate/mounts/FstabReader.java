package io.unitsmith.agent.migrate.mounts;

import io.unitsmith.agent.facts.Fstab;
import io.unitsmith.agent.migrate.Note;
import io.unitsmith.agent.migrate.Note.Kind;
import io.unitsmith.agent.migrate.Place;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.UnmountPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Lines of fstab(5), with what systemd-fstab-generator(8) makes of their options. */
final class FstabReader {

    private static final String SYSTEMD = "x-systemd.";

    private final Fstab.Line line;
    private final Place place;
    private final List<String> options = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private boolean isAutomatic;
    private boolean isByHand;
    private long idleSeconds;
    private OptionalLong timeoutSeconds = OptionalLong.empty();

    private FstabReader(Fstab.Line line, Place place) {
        this.line = line;
        this.place = place;
    }

    /** The file systems of servers; disks and the like stay where they are. */
    static List<MountEntry> read(String file, String text) {
        List<MountEntry> entries = new ArrayList<>();
        for (Fstab.Line line : Fstab.lines(text)) {
            if (line.entry().isRemote() || line.entry().type().startsWith("fuse")) {
                entries.add(new FstabReader(line, new Place(file, line.entry().line())).entry());
            }
        }
        return entries;
    }

    private MountEntry entry() {
        line.options().forEach(this::take);
        if (isByHand && !isAutomatic) {
            isAutomatic = true;
            note(Kind.CHANGED, "noauto", "nobody needs to mount it by hand: it is mounted at the first access");
        }
        return new MountEntry(
                place,
                line.source(),
                line.entry().path(),
                line.entry().type(),
                options,
                isAutomatic,
                idleSeconds,
                timeoutSeconds,
                UnmountPolicy.GRACEFUL,
                false,
                notes);
    }

    private void take(String option) {
        String value = option.substring(option.indexOf('=') + 1);
        switch (option.replaceFirst("=.*", "")) {
            case "x-systemd.automount" -> isAutomatic = true;
            case "comment" -> isAutomatic |= value.equals("systemd.automount");
            case "noauto" -> isByHand = true;
            case "x-systemd.idle-timeout" ->
                idleSeconds = seconds(option, value).orElse(0);
            case "x-systemd.mount-timeout" -> timeoutSeconds = seconds(option, value);
            case String name
            when name.startsWith(SYSTEMD) ->
                note(Kind.DROPPED, option, "a RemoteMount orders itself: after the network, and before nothing");
            default -> options.add(option);
        }
    }

    private OptionalLong seconds(String option, String value) {
        OptionalLong seconds = TimeSpan.seconds(value);
        if (seconds.isEmpty()) {
            note(Kind.DROPPED, option, "systemd ignores it: it is no time such as 300, 5min or 1h 30min");
        }
        return seconds;
    }

    private void note(Kind kind, String option, String text) {
        notes.add(new Note(place, kind, option, text));
    }
}
