package io.unitsmith.agent.drift;

import io.unitsmith.agent.drift.Surroundings.Foreign;
import io.unitsmith.agent.drift.Surroundings.Kind;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.unit.UnitFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks through the folders of systemd for what others have put beside the agent's own files. */
final class UnitFolders {

    private static final Logger LOG = LoggerFactory.getLogger(UnitFolders.class);

    /** Where units and drop-ins are looked for, the first wins (systemd.unit(5)). */
    static final List<String> FOLDERS = List.of(
            "/etc/systemd/system.control",
            "/run/systemd/system.control",
            UnitFile.FOLDER,
            "/run/systemd/system",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system");

    /** Where systemctl mask puts its links. */
    private static final Set<String> MASKABLE = Set.of(UnitFile.FOLDER, "/run/systemd/system");

    private final AtomicFiles files;

    UnitFolders(AtomicFiles files) {
        this.files = files;
    }

    /**
     * What was found.
     *
     * @param foreign by unit; units that nothing of others changes are not in it
     * @param folders all that was looked through
     */
    record Found(Map<String, List<Foreign>> foreign, Set<String> folders) {}

    /**
     * Looks for what changes these units.
     *
     * @param own the paths that the agent has made
     */
    Found look(Collection<String> units, Set<String> own) {
        Map<String, List<String>> unitsByName = new HashMap<>();
        units.forEach(unit -> {
            unitsByName.computeIfAbsent(unit, name -> new ArrayList<>()).add(unit);
            UnitNames.dropInFolders(unit)
                    .forEach(name -> unitsByName
                            .computeIfAbsent(name, key -> new ArrayList<>())
                            .add(unit));
        });
        Map<String, List<Foreign>> foreign = new HashMap<>();
        Set<String> folders = new HashSet<>(FOLDERS);
        for (String folder : FOLDERS) {
            for (Path child : children(folder)) {
                List<String> concerned = unitsByName.getOrDefault(nameOf(child), List.of());
                List<Foreign> found = new ArrayList<>();
                if (!concerned.isEmpty() && nameOf(child).endsWith(".d")) {
                    folders.add(files.name(child));
                    found.addAll(dropIns(files.name(child), own));
                } else if (!concerned.isEmpty() && !isShadowed(child, folder, own)) {
                    found.add(unitFile(child, folder));
                }
                for (String unit : found.isEmpty() ? List.<String>of() : concerned) {
                    foreign.computeIfAbsent(unit, key -> new ArrayList<>()).addAll(found);
                }
            }
        }
        return new Found(foreign, folders);
    }

    /** The agent's own, or one that the agent's own one hides; a mask counts wherever it is. */
    private boolean isShadowed(Path file, String folder, Set<String> own) {
        boolean hides = own.contains(UnitFile.FOLDER + "/" + nameOf(file))
                && FOLDERS.indexOf(folder) > FOLDERS.indexOf(UnitFile.FOLDER);
        return own.contains(files.name(file))
                || (hides && unitFile(file, folder).kind() != Kind.MASK);
    }

    private Foreign unitFile(Path file, String folder) {
        boolean mask = MASKABLE.contains(folder) && Files.isSymbolicLink(file) && leadsToNull(file);
        return new Foreign(mask ? Kind.MASK : Kind.UNIT_FILE, files.name(file));
    }

    private static boolean leadsToNull(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().equals("/dev/null");
        } catch (IOException e) {
            return false;
        }
    }

    private List<Foreign> dropIns(String folder, Set<String> own) {
        return children(folder).stream()
                .filter(file -> nameOf(file).endsWith(".conf") && !own.contains(files.name(file)))
                .map(file -> new Foreign(Kind.DROP_IN, files.name(file)))
                .toList();
    }

    /** In the order of their names. */
    private List<Path> children(String folder) {
        Path path = files.at(folder);
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (var children = Files.list(path)) {
            return children.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            LOG.warn("{} cannot be looked through: {}", folder, e.getMessage());
            return List.of();
        }
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
