package io.unitsmith.agent.facts;

import io.unitsmith.agent.files.HostText;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the host's admin mounts without Unitsmith: fstab(5). */
public final class Fstab {

    private static final Logger LOG = LoggerFactory.getLogger(Fstab.class);

    /** As systemd knows them (fstype_is_network), besides what _netdev says. */
    static final Set<String> REMOTE_TYPES = Set.of(
            "afs",
            "ceph",
            "cifs",
            "davfs",
            "fuse.sshfs",
            "gfs",
            "gfs2",
            "glusterfs",
            "lustre",
            "ncp",
            "ncpfs",
            "nfs",
            "nfs4",
            "ocfs2",
            "orangefs",
            "pvfs2",
            "smb3",
            "smbfs",
            "sshfs",
            "9p");

    private final Path file;

    /**
     * Reads the file anew at every question.
     *
     * @param file /etc/fstab
     */
    public Fstab(Path file) {
        this.file = file;
    }

    /**
     * One mount.
     *
     * @param line its number, from 1
     * @param path in its shortest form
     */
    public record Entry(int line, String path, String type, Set<String> options) {

        /** Whether it comes from a server. */
        public boolean isRemote() {
            return REMOTE_TYPES.contains(type) || options.contains("_netdev");
        }

        /** Whether it comes from a server, or at the first access: then nothing is to be mounted below it. */
        public boolean isRemoteOrAutomatic() {
            return isRemote()
                    || options.contains("x-systemd.automount")
                    || options.contains("comment=systemd.automount");
        }
    }

    /**
     * One mount, with what it is of.
     *
     * @param options in their order
     */
    public record Line(Entry entry, String source, List<String> options) {}

    public List<Entry> entries() {
        try {
            return parse(HostText.read(file));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            LOG.warn("{} could not be read: {}", file, e.getMessage());
            return List.of();
        }
    }

    static List<Entry> parse(String text) {
        return lines(text).stream().map(Line::entry).toList();
    }

    /** Of a file's text, the lines with a path to mount something at. */
    public static List<Line> lines(String text) {
        List<Line> found = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String[] fields = lines[i].strip().split("[ \t]+", -1);
            if (fields.length > 1 && !fields[0].startsWith("#") && fields[1].startsWith("/")) {
                List<String> options = fields.length > 3 ? options(fields[3]) : List.of();
                String path = shortest(OctalEscapes.decode(fields[1]));
                String type = fields.length > 2 ? fields[2] : "auto";
                found.add(new Line(
                        new Entry(i + 1, path, type, Set.copyOf(options)), OctalEscapes.decode(fields[0]), options));
            }
        }
        return List.copyOf(found);
    }

    private static List<String> options(String field) {
        return Arrays.stream(field.split(",", -1)).map(OctalEscapes::decode).toList();
    }

    private static String shortest(String path) {
        return "/"
                + Arrays.stream(path.split("/", -1))
                        .filter(component -> !component.isEmpty() && !component.equals("."))
                        .collect(Collectors.joining("/"));
    }
}
