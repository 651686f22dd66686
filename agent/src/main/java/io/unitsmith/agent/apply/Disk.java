package io.unitsmith.agent.apply;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks what is at paths of the host. A file whose inode says that nothing has happened to it is not read again, until
 * {@link #forget}.
 */
public final class Disk {

    private static final String ATTRIBUTES = "unix:dev,ino,size,mode,uid,ctime,lastModifiedTime";

    /** The kernel's timestamps are coarse: two changes so close together may leave the same one. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final AtomicFiles files;
    private final Reader reader;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** Reads a whole file. */
    interface Reader {
        byte[] read(Path file) throws IOException;
    }

    private record Known(Map<String, Object> attributes, Found.RegularFile file) {}

    public Disk(AtomicFiles files) {
        this(files, Files::readAllBytes, Clock.systemUTC());
    }

    /** @param clock the one that the files' times are of */
    Disk(AtomicFiles files, Reader reader, Clock clock) {
        this.files = files;
        this.reader = reader;
        this.clock = clock;
    }

    /** Has every file read anew. */
    public void forget() {
        known.clear();
    }

    public Map<String, Found> look(Set<String> paths) {
        Map<String, Found> found = new HashMap<>();
        Set<Path> trusted = new HashSet<>();
        for (String path : paths) {
            found.put(path, look(path, trusted));
        }
        return found;
    }

    /** @param trusted folders that no foreign link leads to */
    private Found look(String path, Set<Path> trusted) {
        Path file = files.at(path);
        try {
            @Nullable String link = trusted.contains(file.getParent()) ? null : files.foreignLink(path);
            if (link != null) {
                return new Found.Other("below " + link + ", a symbolic link that does not belong to root");
            }
            trusted.add(file.getParent());
            Map<String, Object> attributes = Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            return switch (Kind.of(attributes)) {
                case LINK -> new Found.SymbolicLink(Files.readSymbolicLink(file).toString());
                case FILE -> regularFile(path, attributes);
                case FOLDER -> new Found.Other("a directory");
                case OTHER -> new Found.Other("no regular file");
            };
        } catch (NoSuchFileException e) {
            known.remove(path);
            return new Found.Nothing();
        } catch (IOException e) {
            return new Found.Other("unreadable (" + e.getMessage() + ")");
        }
    }

    private Found regularFile(String path, Map<String, Object> attributes) throws IOException {
        @Nullable Known before = known.get(path);
        if (before != null && before.attributes().equals(attributes)) {
            return before.file();
        }
        Path file = files.at(path);
        var found = new Found.RegularFile(
                Names.hash(reader.read(file)), files.modeOf(path), files.isOwn(file), files.readerOf(path));
        if (isSettled(attributes)) {
            known.put(path, new Known(attributes, found));
        }
        return found;
    }

    private boolean isSettled(Map<String, Object> attributes) {
        return attributes.get("ctime") instanceof FileTime changed
                && changed.toInstant().isBefore(clock.instant().minus(SETTLED));
    }

    /** The kinds of file of inode(7). */
    private enum Kind {
        FILE,
        LINK,
        FOLDER,
        OTHER;

        private static final int MASK = 0170000;

        static Kind of(Map<String, Object> attributes) {
            return switch ((int) Objects.requireNonNull(attributes.get("mode")) & MASK) {
                case 0100000 -> FILE;
                case 0120000 -> LINK;
                case 0040000 -> FOLDER;
                default -> OTHER;
            };
        }
    }
}
