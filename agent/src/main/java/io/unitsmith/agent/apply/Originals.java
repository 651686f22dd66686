package io.unitsmith.agent.apply;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.plan.Adoption;
import io.unitsmith.agent.plan.Found;
import io.unitsmith.agent.plan.Ledger;
import io.unitsmith.agent.plan.Ledger.Applied;
import io.unitsmith.agent.plan.Wanted;
import io.unitsmith.agent.systemd.Job;
import io.unitsmith.agent.systemd.Systemd;
import io.unitsmith.agent.unit.UnitFile;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Rendering.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What somebody else had where a workload's files are now. It is on disk before the ledger lists its paths, and until it
 * is back: what is kept for an assignment that the ledger does not list is to be put back where it is missing.
 */
public final class Originals {

    public static final String FOLDER = "/var/lib/unitsmith/originals";

    private static final Logger LOG = LoggerFactory.getLogger(Originals.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";
    private static final Duration START_DEADLINE = Duration.ofSeconds(20);

    private final AtomicFiles files;
    private final Disk disk;
    private final LedgerStore store;
    private final Systemd systemd;

    public Originals(AtomicFiles files, Disk disk, LedgerStore store, Systemd systemd) {
        this.files = files;
        this.disk = disk;
        this.store = store;
        this.systemd = systemd;
    }

    /** As it is on disk: everything of one assignment. */
    private record Kept(Map<String, Original> originals, Set<String> active) {}

    /**
     * A file or a link, whole.
     *
     * @param link the target; null for a file
     * @param content in Base64; null for a link
     */
    private record Original(@Nullable String link, @Nullable String content, int mode, int uid, int gid) {}

    /**
     * Keeps what is in the way of those that may take it over, and has the ledger list it as theirs.
     *
     * @return the ledger, as it is on disk
     */
    public Ledger adopt(Ledger ledger, Collection<Wanted> wanted) throws IOException {
        Ledger known = with(ledger, wanted, this::keep);
        if (!known.equals(ledger)) {
            store.save(known);
        }
        return known;
    }

    /** What the ledger would be; nothing is changed. */
    public Ledger foresee(Ledger ledger, Collection<Wanted> wanted) throws IOException {
        return with(ledger, wanted, (one, paths) -> {});
    }

    /** What is done with paths before the ledger lists them as somebody's. */
    private interface Taking {
        void of(Wanted one, Set<String> paths) throws IOException;
    }

    private Ledger with(Ledger ledger, Collection<Wanted> wanted, Taking taking) throws IOException {
        Ledger known = ledger;
        for (Wanted one : wanted) {
            Set<String> paths = inTheWay(one, known);
            if (!paths.isEmpty()) {
                taking.of(one, paths);
                @Nullable Applied before = known.assignments().get(one.assignment());
                known = known.with(one.assignment(), Adoption.of(before, one, paths));
            }
        }
        return known;
    }

    /** Units for its path that are not its own, and whatever starts them at boot. */
    private Set<String> inTheWay(Wanted one, Ledger ledger) throws IOException {
        if (!one.adopts()) {
            return Set.of();
        }
        Set<String> wanted = one.rendering().entries().stream().map(Entry::path).collect(Collectors.toSet());
        Set<String> units = Adoption.units(one);
        units.forEach(unit -> wanted.add(UnitFile.FOLDER + "/" + unit));
        Map<String, Found> found = disk.look(wanted);
        Set<String> paths = new TreeSet<>();
        found.forEach((path, there) -> {
            if (Adoption.isPossible(path, there) && !ledger.owns(path)) {
                paths.add(path);
            }
        });
        if (!paths.isEmpty() || !ledger.assignments().containsKey(one.assignment())) {
            links(units).stream().filter(link -> !ledger.owns(link)).forEach(paths::add);
        }
        return paths;
    }

    private List<String> links(Set<String> units) throws IOException {
        List<String> links = new ArrayList<>();
        try (var folders = Files.newDirectoryStream(files.at(UnitFile.FOLDER), "*.{wants,requires}")) {
            for (Path folder : folders) {
                units.stream()
                        .map(folder::resolve)
                        .filter(Files::isSymbolicLink)
                        .map(files::name)
                        .forEach(links::add);
            }
        }
        return links;
    }

    private void keep(Wanted one, Set<String> paths) throws IOException {
        @Nullable Kept before = load(path(one.assignment()));
        Map<String, Original> originals = new TreeMap<>(before == null ? Map.of() : before.originals());
        for (String path : paths) {
            originals.put(path, read(files.at(path)));
        }
        Set<String> active = new TreeSet<>(before == null ? Set.of() : before.active());
        systemd.states(Adoption.units(one)).values().stream()
                .filter(state -> before == null && state.isActive())
                .map(UnitState::name)
                .forEach(active::add);
        files.makeFolder(FOLDER, 0700);
        files.write(
                path(one.assignment()),
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(new Kept(originals, active))
                        .getBytes(StandardCharsets.UTF_8),
                0600,
                null);
        LOG.info("{} takes over {}", one.assignment(), String.join(", ", paths));
    }

    private static Original read(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
        boolean isLink = Files.isSymbolicLink(path);
        return new Original(
                isLink ? Files.readSymbolicLink(path).toString() : null,
                isLink ? null : Base64.getEncoder().encodeToString(Files.readAllBytes(path)),
                number(attributes, "mode") & 07777,
                number(attributes, "uid"),
                number(attributes, "gid"));
    }

    private static int number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Integer value ? value : 0;
    }

    private static String path(String assignment) {
        return FOLDER + "/" + assignment + SUFFIX;
    }

    private @Nullable Kept load(String path) throws IOException {
        String text = files.read(path).orElse("");
        return text.isEmpty() ? null : JSON.readValue(text, Kept.class);
    }

    /** Puts back what was taken over by assignments that are gone. */
    public void giveBack(Ledger ledger) throws IOException {
        if (!Files.isDirectory(files.at(FOLDER))) {
            return;
        }
        List<String> names;
        try (var all = Files.newDirectoryStream(files.at(FOLDER), "*" + SUFFIX)) {
            names = new ArrayList<>();
            all.forEach(file -> names.add(String.valueOf(file.getFileName())));
        }
        for (String name : names) {
            String assignment = name.substring(0, name.length() - SUFFIX.length());
            @Nullable Kept kept = ledger.assignments().containsKey(assignment) ? null : load(path(assignment));
            if (kept != null) {
                giveBack(kept);
                files.delete(path(assignment));
            }
        }
        files.sweep(FOLDER);
        files.removeFolder(FOLDER);
    }

    private void giveBack(Kept kept) throws IOException {
        for (Map.Entry<String, Original> entry : kept.originals().entrySet()) {
            String path = entry.getKey();
            if (Files.exists(files.at(path), LinkOption.NOFOLLOW_LINKS)) {
                continue; // never taken away, or somebody has made another
            }
            for (String folder : files.missingFolders(path)) {
                files.makeFolder(folder, 0755);
            }
            Original original = entry.getValue();
            if (original.link() != null) {
                files.link(path, original.link());
            } else if (original.content() != null) {
                files.restore(
                        path,
                        Base64.getDecoder().decode(original.content()),
                        original.mode(),
                        original.uid(),
                        original.gid());
            }
            LOG.info("{} is back", path);
        }
        Set<String> units = kept.originals().keySet().stream()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
        if (systemd.needsDaemonReload(units)) {
            systemd.daemonReload();
        }
        Map<String, UnitState> states = systemd.states(kept.active());
        List<String> down = kept.active().stream()
                .filter(unit ->
                        !states.getOrDefault(unit, UnitState.absent(unit)).isActive())
                .toList();
        if (!down.isEmpty()) {
            systemd.run(Job.START, down, START_DEADLINE)
                    .forEach((unit, result) -> LOG.info("start {}: {}", unit, result.text()));
        }
    }
}
