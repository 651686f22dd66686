package io.unitsmith.agent.pool;

import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import java.util.List;

/**
 * The socket at which PHP-FPM tells nothing but its status (pm.status_listen).
 *
 * <p>PHP-FPM makes it itself, and it is gone with the master: a socket of systemd's would start a master that has stopped.
 * So it is in a folder of the pool's user, into which nobody else but the web server's group comes.
 */
final class StatusSocket {

    private static final String RUN = "/run/unitsmith";

    /** The folder of all of them, root's own. */
    static final String FOLDERS = RUN + "/status";

    /** For everyone who has come into the folder. */
    static final String MODE = "0666";

    private final PhpFpmPoolSpec spec;
    private final String folder;

    /** @param instance the name after the @ of its units */
    StatusSocket(PhpFpmPoolSpec spec, String instance) {
        this.spec = spec;
        this.folder = FOLDERS + "/" + instance;
    }

    boolean isWanted() {
        return spec.monitoring().hasStatusSocket();
    }

    String folder() {
        return folder;
    }

    String path() {
        return folder + "/fpm.sock";
    }

    /** What systemd-tmpfiles is to make (tmpfiles.d(5)). */
    List<String> tmpfiles(String user) {
        return isWanted()
                ? List.of(
                        "d %s 0755 root root -".formatted(RUN),
                        "d %s 0755 root root -".formatted(FOLDERS),
                        "d %s 0750 %s %s -"
                                .formatted(folder, user, spec.socket().group()))
                : List.of();
    }
}
