package io.unitsmith.agent.facts;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Folders that something is to be mounted at. Nothing is touched that may have to ask a server. */
public final class MountPoints {

    private static final int MOST = 3;

    private final Path root;
    private final MountTable mounts;

    /** @param root the host's root directory */
    public MountPoints(Path root, MountTable mounts) {
        this.root = root;
        this.mounts = mounts;
    }

    /**
     * Why a path should not be mounted at; empty if nothing is wrong with it.
     *
     * @param path in its shortest form, which nothing is mounted at
     * @param empty whether there is to be nothing in the folder
     */
    public Optional<String> fault(String path, boolean empty) {
        Map<String, String> types = mounts.types();
        for (int end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
            String part = end < 0 ? path : path.substring(0, end);
            String type = types.getOrDefault(part, "");
            if (MountTable.mayAskServer(type)) {
                return Optional.of("\"%s\" is below \"%s\", which %s is mounted at".formatted(path, part, type));
            }
            Path folder = root.resolve(part.substring(1));
            if (Files.isSymbolicLink(folder)) {
                return Optional.of(
                        "\"%s\" is a symbolic link, which systemd does not mount through: give the path that it leads to"
                                .formatted(part));
            }
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (!Files.isDirectory(folder)) {
                return Optional.of("\"%s\" is no directory".formatted(part));
            }
            if (end < 0) {
                return empty ? content(path, folder) : Optional.empty();
            }
        }
    }

    private static Optional<String> content(String path, Path folder) {
        List<String> names = new ArrayList<>();
        try (var inside = Files.newDirectoryStream(folder)) {
            inside.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (IOException | DirectoryIteratorException e) {
            return Optional.of("what is in \"%s\" cannot be read (%s)".formatted(path, e.getMessage()));
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String some = names.stream().sorted().limit(MOST).collect(Collectors.joining(", "));
        return Optional.of(
                "the mount would hide what is in \"%s\" (%s%s): move that away, or set spec.protectMountpoint: false"
                        .formatted(
                                path, some, names.size() > MOST ? " and %d more".formatted(names.size() - MOST) : ""));
    }
}
