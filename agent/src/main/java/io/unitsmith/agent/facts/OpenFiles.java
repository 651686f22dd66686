package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has something open, from the links in /proc (proc_pid_fd(5), proc_pid_cwd(5)): reading a link waits for no server. What
 * is mapped and not open is not seen, since the list of it (proc_pid_maps(5)) waits for a process that waits for its server.
 */
public final class OpenFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

    private static final List<String> PLACES = List.of("cwd", "root", "exe");

    private final Path proc;

    /** @param proc where /proc is */
    public OpenFiles(Path proc) {
        this.proc = proc;
    }

    /**
     * A process.
     *
     * @param command the name of its program, at most 15 bytes
     * @param uid its user
     */
    public record Holder(int pid, String command, long uid) {}

    /** The processes that have this path open, or something below it, or are there; but for systemd, which waits at automounts. */
    public List<Holder> below(String path) {
        List<Holder> holders = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(proc, "[1-9]*")) {
            for (Path process : processes) {
                int pid = Integer.parseInt(String.valueOf(process.getFileName()));
                if (pid > 1 && holds(process, link -> link.equals(path) || link.startsWith(path + "/"))) {
                    holder(pid, process, holders);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("it cannot be told who uses {}: {}", path, e.getMessage());
        }
        return holders;
    }

    private static boolean holds(Path process, Predicate<String> isThere) {
        if (PLACES.stream().anyMatch(place -> leads(process.resolve(place), isThere))) {
            return true;
        }
        try (var open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : open) {
                if (leads(descriptor, isThere)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debug("{} has ended meanwhile: {}", process, e.getMessage());
        }
        return false;
    }

    private static boolean leads(Path link, Predicate<String> isThere) {
        try {
            return isThere.test(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            return false; // closed or ended meanwhile, or a process of the kernel's
        }
    }

    private static void holder(int pid, Path process, List<Holder> holders) {
        try {
            String command = new String(Files.readAllBytes(process.resolve("comm")), StandardCharsets.UTF_8).strip();
            long uid = ((Number) Files.getAttribute(process, "unix:uid")).longValue();
            holders.add(new Holder(pid, command, uid));
        } catch (IOException e) {
            LOG.debug("{} has ended meanwhile", process);
        }
    }
}
