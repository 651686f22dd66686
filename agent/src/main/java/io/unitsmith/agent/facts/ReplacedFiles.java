package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells what processes run that an upgrade has replaced on disk since they were started. */
public final class ReplacedFiles {

    /** Mapped to be executed, and unlinked since (proc_pid_maps(5)): {@code 7f00-7f01 r-xp 0000 08:01 42   /usr/sbin/php-fpm8.4 (deleted)}. */
    private static final Pattern UNLINKED = Pattern.compile("^\\S+ ..x. \\S+ \\S+ [1-9]\\d* +(/.*) \\(deleted\\)$");

    /** Locked for as long as a package manager is at work: dpkg(1), apt(8), rpm(8). */
    private static final List<String> LOCKS = List.of(
            "var/lib/dpkg/lock",
            "var/lib/dpkg/lock-frontend",
            "var/lib/rpm/.rpm.lock",
            "usr/lib/sysimage/rpm/.rpm.lock");

    /** With the inode after the device (proc_locks(5)): {@code 1: POSIX  ADVISORY  WRITE 708 08:01:2264 0 EOF}. */
    private static final Pattern LOCK = Pattern.compile("^\\d+: .* [0-9a-f]+:[0-9a-f]+:(\\d+) \\d+ \\S+$");

    private final Path root;

    /** @param root where the host's file system is, with its /proc */
    public ReplacedFiles(Path root) {
        this.root = root;
    }

    /**
     * The programs and libraries that a process runs, and that are other files on disk now. What is no longer on disk at all
     * is none of them: the process could not be started again.
     *
     * @throws IOException if it cannot be told, or the process has ended
     */
    public Set<String> of(int pid) throws IOException {
        Set<String> replaced = new TreeSet<>();
        try (Stream<String> maps =
                Files.lines(root.resolve("proc/" + pid + "/maps"), java.nio.charset.StandardCharsets.ISO_8859_1)) {
            maps.map(UNLINKED::matcher)
                    .filter(Matcher::matches)
                    .map(map -> OctalEscapes.decode(map.group(1)))
                    .filter(path -> !path.startsWith("/dev/") && Files.exists(root.resolve(path.substring(1))))
                    .forEach(replaced::add);
        }
        return replaced;
    }

    /** Whether a package manager is at work, so that files are replaced in part only. */
    public boolean isUpgradeUnderWay() throws IOException {
        Set<String> inodes = new TreeSet<>();
        for (String lock : LOCKS) {
            Path file = root.resolve(lock);
            if (Files.exists(file)) {
                inodes.add(Files.getAttribute(file, "unix:ino").toString());
            }
        }
        try (Stream<String> locks = Files.lines(root.resolve("proc/locks"))) {
            return locks.map(LOCK::matcher).filter(Matcher::matches).anyMatch(lock -> inodes.contains(lock.group(1)));
        }
    }
}
