package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what processes run that an upgrade has replaced on disk since they were started. */
public final class ReplacedFiles {

    /**
     * Mapped to be executed, and unlinked since (proc_pid_maps(5)): {@code 7f00-7f01 r-xp 0000 08:01 42   /usr/sbin/php-fpm8.4
     * (deleted)}. Only where packages put programs and libraries, and only plain names.
     */
    private static final Pattern UNLINKED = Pattern.compile(
            "^\\S+ ..x. \\S+ \\S+ [1-9]\\d* +(/(?:usr|opt|lib|lib64|bin|sbin)/[!-\\[\\]-~]+) \\(deleted\\)$");

    /** Locked for as long as a package manager is at work: dpkg(1), apt(8), rpm(8). */
    private static final List<String> LOCKS = List.of(
            "var/lib/dpkg/lock",
            "var/lib/dpkg/lock-frontend",
            "var/lib/rpm/.rpm.lock",
            "usr/lib/sysimage/rpm/.rpm.lock");

    /** Process, then inode after the device (proc_locks(5)): {@code 1: POSIX  ADVISORY  WRITE 708 08:01:2264 0 EOF}. */
    private static final Pattern LOCK =
            Pattern.compile("^\\d+: POSIX +\\S+ +WRITE (\\d+) [0-9a-f]+:[0-9a-f]+:(\\d+) \\d+ \\S+$");

    private final Path root;

    /** @param root where the host's file system is, with its /proc */
    public ReplacedFiles(Path root) {
        this.root = root;
    }

    /**
     * The programs and libraries of the system's that a process runs, and that are other files on disk now. What is no
     * longer on disk at all is none of them: the process could not be started again. Nor is what is elsewhere, such as in a
     * tenant's home: it is not so much as looked at, since that may hang.
     *
     * @throws IOException if it cannot be told, or the process has ended
     */
    public Set<String> of(int pid) throws IOException {
        Set<String> replaced = new TreeSet<>();
        // whatever the bytes of a path are
        for (String line : Files.readAllLines(root.resolve("proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
            Matcher unlinked = UNLINKED.matcher(line);
            if (unlinked.matches()
                    && Files.exists(root.resolve(unlinked.group(1).substring(1)))) {
                replaced.add(unlinked.group(1));
            }
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
        for (String line : Files.readAllLines(root.resolve("proc/locks"))) {
            Matcher lock = LOCK.matcher(line);
            if (lock.matches() && inodes.contains(lock.group(2)) && isRoots(lock.group(1))) {
                return true;
            }
        }
        return false;
    }

    /** As /proc itself is: inodes are numbered anew in every file system, and anybody may lock files of his own. */
    private boolean isRoots(String pid) throws IOException {
        Path proc = root.resolve("proc");
        Path process = proc.resolve(pid);
        return Files.exists(process) && Files.getOwner(process).equals(Files.getOwner(proc));
    }
}
