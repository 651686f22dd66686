package io.unitsmith.agent.facts;

import io.unitsmith.agent.command.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** By stat(1): Java does not know of inodes. */
public final class StatSpaceProbe implements SpaceProbe {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<String> folders;

    public StatSpaceProbe(List<String> folders) {
        this.folders = List.copyOf(folders);
    }

    @Override
    public List<FreeSpace> look() throws IOException {
        List<String> command = new ArrayList<>(List.of("stat", "--file-system", "--format=%a %S %d %c", "--"));
        command.addAll(folders);
        Command.Output output = Command.run(DEADLINE, command);
        List<String> lines = output.text().lines().toList();
        if (output.status() != 0 || lines.size() != folders.size()) {
            throw new IOException("stat of %s ended with status %d".formatted(folders, output.status()));
        }
        List<FreeSpace> spaces = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            spaces.add(parse(folders.get(i), lines.get(i)));
        }
        return spaces;
    }

    /** @param line free blocks, their size, free inodes, and all of them: 0 where inodes are made as they are needed */
    static FreeSpace parse(String folder, String line) {
        String[] fields = line.split(" ", -1);
        boolean bounded = Long.parseLong(fields[3]) != 0;
        return new FreeSpace(
                folder,
                Long.parseLong(fields[0]) * Long.parseLong(fields[1]),
                bounded ? Long.parseLong(fields[2]) : Long.MAX_VALUE);
    }
}
