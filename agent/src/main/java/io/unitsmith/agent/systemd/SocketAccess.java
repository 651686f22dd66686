package io.unitsmith.agent.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Objects;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may connect to a socket (systemd.socket(5)).
 *
 * @param paths of UNIX sockets in the file system
 * @param group by its name
 * @param mode the permission bits
 */
record SocketAccess(List<Path> paths, String group, int mode) {

    private static final Logger LOG = LoggerFactory.getLogger(SocketAccess.class);
    private static final String INTERFACE = BusConnection.SERVICE + ".Socket";
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int PERMISSIONS = 07777;
    private static final String MODE = "unix:mode";

    /** As a unit is loaded. */
    static SocketAccess of(Properties unit) {
        List<Object[]> listen = unit.Get(INTERFACE, "Listen");
        return new SocketAccess(
                listen.stream()
                        .map(one -> String.valueOf(one[1]))
                        .filter(address -> address.startsWith("/"))
                        .map(Path::of)
                        .toList(),
                unit.Get(INTERFACE, "SocketGroup"),
                unit.<UInt32>Get(INTERFACE, "SocketMode").intValue());
    }

    /** Makes it so. One that is not there is left to whoever misses it. */
    void apply() {
        for (Path path : paths) {
            try {
                apply(path);
            } catch (NoSuchFileException e) {
                LOG.warn("{} is not there, so nobody can connect to it", path);
            } catch (IOException e) {
                throw new UncheckedIOException("the access to " + path + " could not be changed: " + e.getMessage(), e);
            }
        }
    }

    /** In between, nobody can connect who cannot both before and after. */
    private void apply(Path path) throws IOException {
        int modeNow = (int) Objects.requireNonNull(Files.getAttribute(path, MODE, LinkOption.NOFOLLOW_LINKS));
        if ((modeNow & TYPE) != SOCKET) {
            throw new IOException("it is no socket");
        }
        var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        GroupPrincipal principal =
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        if (!view.readAttributes().group().equals(principal) || (modeNow & PERMISSIONS) != mode) {
            Files.setAttribute(path, MODE, mode & modeNow);
            view.setGroup(principal);
            Files.setAttribute(path, MODE, mode);
            LOG.info("gave {} the group {} and the mode {}", path, group, Integer.toOctalString(mode));
        }
    }
}
