package io.unitsmith.agent.facts;

import io.unitsmith.agent.facts.Processes.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What /proc says of a service's processes (proc_pid_stat(5), proc_pid_status(5), proc_pid_fd(5), proc_tid_children(5)). */
public final class ProcessTable {

    /** After the name of the program, which may have anything in it but ends with the last parenthesis: 1 to state, 12 to utime, 20 to starttime. */
    private static final int STATE = 0;

    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int STARTTIME = 19;

    private static final String SWITCHES = "voluntary_ctxt_switches:";

    private static final Logger LOG = LoggerFactory.getLogger(ProcessTable.class);

    private final Path proc;

    /** @param proc where /proc is */
    public ProcessTable(Path proc) {
        this.proc = proc;
    }

    /**
     * The children of a process, as they are now. One that ends meanwhile is left out.
     *
     * @throws IOException if they cannot be read, or the process has ended
     */
    public Processes of(int mainPid) throws IOException {
        Path main = proc.resolve(Integer.toString(mainPid));
        Set<String> shared = sockets(main);
        Map<Integer, Child> children = new HashMap<>();
        String list =
                Files.readString(main.resolve("task/" + mainPid + "/children")).strip();
        for (String pid : list.isEmpty() ? new String[0] : list.split(" ", -1)) {
            Path child = proc.resolve(pid);
            try {
                Set<String> sockets = sockets(child);
                sockets.removeAll(shared);
                children.put(Integer.valueOf(pid), new Child(title(child), work(child), sockets));
            } catch (NoSuchFileException e) {
                LOG.debug("{} has ended meanwhile", pid);
            }
        }
        return new Processes(children);
    }

    /** Of one that waits for a server its memory may be locked, and whoever reads its command line then waits as well. */
    private static String title(Path process) throws IOException {
        if (fields(process)[STATE].equals("D")) {
            return "";
        }
        byte[] line = Files.readAllBytes(process.resolve("cmdline"));
        return new String(line, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    }

    /** What is done in less than a tick of the processor still ends in waiting for more, which is counted. */
    private static String work(Path process) throws IOException {
        String[] fields = fields(process);
        String switches = read(process.resolve("status"))
                .lines()
                .filter(line -> line.startsWith(SWITCHES))
                .map(line -> line.substring(SWITCHES.length()).strip())
                .findFirst()
                .orElse("");
        return String.join(" ", fields[UTIME], fields[STIME], fields[STARTTIME], switches);
    }

    private static String[] fields(Path process) throws IOException {
        String stat = read(process.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    /** A program may call itself anything, UTF-8 or not. */
    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static Set<String> sockets(Path process) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    sockets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    LOG.debug("{} was closed meanwhile", descriptor);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        sockets.removeIf(target -> !target.startsWith("socket:"));
        return sockets;
    }
}
