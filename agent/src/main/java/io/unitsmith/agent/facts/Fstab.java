package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.file.Files;
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
    private static final Set<String> REMOTE_TYPES = Set.of(
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

        /** Whether it comes from a server, or at the first access: then nothing is to be mounted below it. */
        public boolean isRemoteOrAutomatic() {
            return REMOTE_TYPES.contains(type)
                    || options.contains("_netdev")
                    || options.contains("x-systemd.automount")
                    || options.contains("comment=systemd.automount");
        }
    }

    public List<Entry> entries() {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            LOG.warn("{} could not be read: {}", file, e.getMessage());
            return List.of();
        }
    }

    static List<Entry> parse(String text) {
        List<Entry> entries = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String[] fields = lines[i].strip().split("[ \t]+", -1);
            if (fields.length > 1 && !fields[0].startsWith("#") && fields[1].startsWith("/")) {
                entries.add(new Entry(
                        i + 1,
                        shortest(OctalEscapes.decode(fields[1])),
                        fields.length > 2 ? fields[2] : "auto",
                        fields.length > 3 ? Set.copyOf(Arrays.asList(fields[3].split(",", -1))) : Set.of()));
            }
        }
        return List.copyOf(entries);
    }

    private static String shortest(String path) {
        return "/"
                + Arrays.stream(path.split("/", -1))
                        .filter(component -> !component.isEmpty() && !component.equals("."))
                        .collect(Collectors.joining("/"));
    }
}
