package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the kernel counts for a service: cgroups(7), version 1 and 2. */
public final class ControlGroups {

    private final Path root;

    /** @param root where the host's file system is, with its /proc and /sys */
    public ControlGroups(Path root) {
        this.root = root;
    }

    /**
     * The memory of the control group that a process is in; empty where the kernel does not count it.
     *
     * @throws IOException if it cannot be read, or the process has ended
     */
    public Optional<MemoryUse> memory(int pid) throws IOException {
        for (String line : Files.readAllLines(root.resolve("proc/" + pid + "/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[1].isEmpty()) {
                Path group = root.resolve("sys/fs/cgroup" + fields[2]);
                if (Files.exists(group.resolve("memory.current"))) {
                    return Optional.of(memory(group.resolve("memory.current"), group.resolve("memory.events")));
                }
            } else if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains("memory")) {
                Path group = root.resolve("sys/fs/cgroup/memory" + fields[2]);
                return Optional.of(memory(group.resolve("memory.usage_in_bytes"), group.resolve("memory.oom_control")));
            }
        }
        return Optional.empty();
    }

    private static MemoryUse memory(Path usage, Path events) throws IOException {
        long kills = Files.readAllLines(events).stream()
                .filter(line -> line.startsWith("oom_kill "))
                .mapToLong(line ->
                        Long.parseLong(line.substring("oom_kill ".length()).strip()))
                .sum();
        return new MemoryUse(Long.parseLong(Files.readString(usage).strip()), kills);
    }
}
