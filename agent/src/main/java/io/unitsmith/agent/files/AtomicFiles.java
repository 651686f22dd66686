package io.unitsmith.agent.files;

import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The host's files, by absolute path, below a root that is {@code /} except in tests. A file is there with its whole
 * content, mode and readers, or not at all, whenever the agent or the machine stops.
 */
public final class AtomicFiles {

    private static final String TEMPORARY_PREFIX = ".unitsmith-";
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
    };

    private final Path root;
    private final Checkpoint checkpoint;

    public AtomicFiles(Path root, Checkpoint checkpoint) {
        this.root = root;
        this.checkpoint = checkpoint;
    }

    /** Where an absolute path of the host is. */
    public Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /** What the host calls this path. */
    public String name(Path path) {
        return "/" + root.relativize(path);
    }

    /**
     * Writes a file; its folder is there already.
     *
     * @param reader the uid of a user who may read it besides the owner
     */
    public void write(String path, byte[] content, int mode, @Nullable Long reader) throws IOException {
        prepare(path, content, mode, reader);
        commit(path);
    }

    /** Does all of a {@link #write} that may fail for lack of space; until {@link #commit} it is as if it were not there. */
    public void prepare(String path, byte[] content, int mode, @Nullable Long reader) throws IOException {
        Path temporary = temporaryOf(trusted(path));
        Files.deleteIfExists(temporary);
        checkpoint.reached("create the temporary file of " + path);
        try (FileChannel channel = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(permissions(0600)))) {
            checkpoint.reached("set the mode of " + path);
            Files.setPosixFilePermissions(temporary, permissions(mode));
            if (reader != null) {
                AccessList.set(temporary, mode, reader);
            }
            checkpoint.reached("write " + path);
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Does all of a {@link #link} that may fail for lack of space. */
    public void prepareLink(String path, String target) throws IOException {
        Path temporary = temporaryOf(trusted(path));
        Files.deleteIfExists(temporary);
        checkpoint.reached("create the temporary link of " + path);
        Files.createSymbolicLink(temporary, Path.of(target));
    }

    /** Puts what was prepared in its place. */
    public void commit(String path) throws IOException {
        Path file = trusted(path);
        replace(temporaryOf(file), file);
    }

    private void replace(Path from, Path path) throws IOException {
        checkpoint.reached("rename to " + name(path));
        Files.move(from, path, StandardCopyOption.ATOMIC_MOVE);
        checkpoint.reached("sync the folder of " + name(path));
        sync(parent(path));
    }

    /** Drops what was prepared. */
    public void discard(String path) throws IOException {
        Files.deleteIfExists(temporaryOf(trusted(path)));
    }

    /** Writes a file as somebody else had it; its folder is there already. */
    public void restore(String path, byte[] content, int mode, int uid, int gid) throws IOException {
        prepare(path, content, 0600, null);
        Path temporary = temporaryOf(at(path));
        checkpoint.reached("set the owner of " + path);
        Files.setAttribute(temporary, "unix:uid", uid);
        Files.setAttribute(temporary, "unix:gid", gid);
        Files.setAttribute(temporary, "unix:mode", mode); // last: chown takes bits away
        commit(path);
    }

    /** Makes a symbolic link; its folder is there already. */
    public void link(String path, String target) throws IOException {
        prepareLink(path, target);
        commit(path);
    }

    /** Gives a file another name in its folder, in the place of what has that name. */
    public void rename(String path, String to) throws IOException {
        replace(trusted(path), trusted(to));
    }

    /** The text of a file; empty if there is none. What is not UTF-8 is an error. */
    public Optional<String> read(String path) throws IOException {
        try {
            return Optional.of(Files.readString(at(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The text of a file that somebody else wrote, for people to read; empty if there is none. */
    public Optional<String> readForeign(String path) throws IOException {
        try {
            return Optional.of(HostText.read(at(path)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Whether a file was written after this moment. */
    public boolean isNewerThan(String path, Instant moment) throws IOException {
        try {
            return Files.getLastModifiedTime(at(path), LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isAfter(moment);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Removes a file or a link. */
    public void delete(String path) throws IOException {
        Path file = trusted(path);
        checkpoint.reached("delete " + path);
        if (Files.deleteIfExists(file)) {
            sync(parent(file));
        }
    }

    /** The folders that a file at this path lacks, outermost first. */
    public List<String> missingFolders(String path) {
        List<String> missing = new ArrayList<>();
        for (Path folder = parent(at(path));
                !Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
                folder = parent(folder)) {
            missing.addFirst(name(folder));
        }
        return missing;
    }

    public void makeFolder(String path, int mode) throws IOException {
        Path folder = trusted(path);
        if (!Files.isDirectory(folder)) {
            checkpoint.reached("make " + path);
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(permissions(mode)));
            Files.setPosixFilePermissions(folder, permissions(mode)); // whatever the umask
            sync(parent(folder));
        }
    }

    /** Removes a folder, unless there is something in it. Returns whether it is gone. */
    public boolean removeFolder(String path) throws IOException {
        Path folder = trusted(path);
        checkpoint.reached("remove " + path);
        try {
            if (Files.deleteIfExists(folder)) {
                sync(parent(folder));
            }
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    /** Whether this is a file that an agent was killed over. */
    public static boolean isTemporary(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(TEMPORARY_PREFIX) && name.endsWith(TEMPORARY_SUFFIX);
    }

    /** Removes a folder of throw-away files with all that is in it, if it is there. */
    public void removeTree(String path) throws IOException {
        if (!Files.isDirectory(at(path), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var inside = Files.walk(at(path))) {
            for (Path one : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    /** Removes the temporary files that an agent left in this folder when it was killed. */
    public void sweep(String folder) throws IOException {
        Path swept = at(folder);
        if (!Files.isDirectory(swept, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var left = Files.newDirectoryStream(swept, TEMPORARY_PREFIX + "*" + TEMPORARY_SUFFIX)) {
            for (Path temporary : left) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** The uid of the one user besides the owner who may read the file; null if there is none. */
    public @Nullable Long readerOf(String path) throws IOException {
        @Nullable AccessList list = AccessList.of(at(path));
        return list == null ? null : list.reader();
    }

    /** The permission bits, without what an access control list adds to them. */
    public int modeOf(String path) throws IOException {
        int mode = 0;
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(at(path), LinkOption.NOFOLLOW_LINKS);
        for (int i = 0; i < BITS.length; i++) {
            mode |= permissions.contains(BITS[i]) ? 1 << i : 0;
        }
        @Nullable AccessList list = AccessList.of(at(path));
        return list == null ? mode : (mode & ~070) | (list.group() << 3);
    }

    /** A folder on the way to this path that is a link of somebody else's; null if there is none. */
    public @Nullable String foreignLink(String path) throws IOException {
        for (Path folder = parent(at(path)); folder.startsWith(root) && !folder.equals(root); folder = parent(folder)) {
            if (Files.isSymbolicLink(folder) && !isOwn(folder)) {
                return name(folder);
            }
        }
        return null;
    }

    /** Whether the file belongs to the user that the agent runs as. */
    public boolean isOwn(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private Path trusted(String path) throws IOException {
        @Nullable String link = foreignLink(path);
        if (link != null) {
            throw new IOException(link + " is a symbolic link that does not belong to root");
        }
        return at(path);
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    /** In the same folder, so that it can be renamed; of a bounded length, however long the name is. */
    private static Path temporaryOf(Path path) {
        String name = String.valueOf(path.getFileName());
        return path.resolveSibling(TEMPORARY_PREFIX + Names.hash(name).substring(0, 16) + TEMPORARY_SUFFIX);
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < BITS.length; i++) {
            if ((mode & 1 << i) != 0) {
                permissions.add(BITS[i]);
            }
        }
        return permissions;
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
