package io.unitsmith.agent.pool;

import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The logs of a pool. PHP-FPM runs as the pool's user and has to be able to write them; so the files are the user's, and
 * the folder is root's: nobody but root can put a link into it.
 *
 * <p>systemd-tmpfiles(8) makes them before each start, since php-fpm could not.
 */
final class PoolLogs {

    private static final String FOLDERS = "/var/log/unitsmith";
    private static final String ERROR_LOG = "error_log";

    private final PhpFpmPoolSpec spec;
    private final String folder;

    /** @param instance the name after the @ of its units */
    PoolLogs(PhpFpmPoolSpec spec, String instance) {
        this.spec = spec;
        this.folder = FOLDERS + "/" + instance;
    }

    /** Whether the spec asks for none, so that no folder is needed. */
    boolean isEmpty() {
        return files().isEmpty();
    }

    String folder() {
        return folder;
    }

    String access() {
        return folder + "/access.log";
    }

    String slow() {
        return folder + "/slow.log";
    }

    /** PHP's own messages, where an {@code error_log} of the spec names this file. */
    String error() {
        return folder + "/error.log";
    }

    private Set<String> files() {
        Set<String> logs = new TreeSet<>();
        if (spec.accessLog().enabled()) {
            logs.add(access());
        }
        if (spec.slowlog() != null) {
            logs.add(slow());
        }
        Stream.of(spec.phpValues(), spec.phpAdminValues())
                .map(Map::entrySet)
                .flatMap(Set::stream)
                .filter(setting ->
                        setting.getKey().equals(ERROR_LOG) && setting.getValue().equals(error()))
                .forEach(setting -> logs.add(error()));
        return logs;
    }

    /** What systemd-tmpfiles is to make (tmpfiles.d(5)). */
    List<String> tmpfiles(String user, String group) {
        if (isEmpty()) {
            return List.of();
        }
        Stream<String> folders =
                Stream.of("d %s 0755 root root -".formatted(FOLDERS), "d %s 0750 root %s -".formatted(folder, group));
        return Stream.concat(folders, files().stream().map(log -> "f %s 0640 %s %s -".formatted(log, user, group)))
                .toList();
    }
}
