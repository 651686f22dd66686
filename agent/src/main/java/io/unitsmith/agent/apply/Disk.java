package io.unitsmith.agent.apply;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.api.v1alpha1.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks what is at paths of the host. */
public final class Disk {

    private final AtomicFiles files;

    public Disk(AtomicFiles files) {
        this.files = files;
    }

    public Map<String, Found> look(Set<String> paths) {
        Map<String, Found> found = new HashMap<>();
        for (String path : paths) {
            found.put(path, look(path));
        }
        return found;
    }

    private Found look(String path) {
        Path file = files.at(path);
        try {
            @Nullable String link = files.foreignLink(path);
            if (link != null) {
                return new Found.Other("below " + link + ", a symbolic link that does not belong to root");
            } else if (Files.isSymbolicLink(file)) {
                return new Found.SymbolicLink(Files.readSymbolicLink(file).toString());
            } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Found.RegularFile(
                        Names.hash(Files.readAllBytes(file)),
                        files.modeOf(path),
                        files.isOwn(file),
                        files.readerOf(path));
            } else if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Found.Other("a directory");
            }
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? new Found.Other("no regular file")
                    : new Found.Nothing();
        } catch (NoSuchFileException e) {
            return new Found.Nothing();
        } catch (IOException e) {
            return new Found.Other("unreadable (" + e.getMessage() + ")");
        }
    }
}
