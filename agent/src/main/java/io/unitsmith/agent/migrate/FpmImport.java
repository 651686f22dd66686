package io.unitsmith.agent.migrate;

import io.unitsmith.agent.migrate.Configuration.Pool;
import io.unitsmith.agent.migrate.FpmDirective.Scope;
import io.unitsmith.agent.migrate.Note.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Existing pools of PHP-FPM as PhpFpmPools. */
public final class FpmImport {

    private final ConfigFiles files;
    private final @Nullable String phpVersion;
    private final String namespace;

    private final ObjectNames names = new ObjectNames("pool");
    private final Set<Place> read = new HashSet<>();
    private final List<Imported> pools = new ArrayList<>();
    private final Set<Note> notes = new LinkedHashSet<>();

    private FpmImport(ConfigFiles files, @Nullable String phpVersion, String namespace) {
        this.files = files;
        this.phpVersion = phpVersion;
        this.namespace = namespace;
    }

    /**
     * Reads each of the files as a PHP-FPM master would that is started with it.
     *
     * @param phpVersion such as {@code 8.4}; null if the files' paths say it
     */
    public static Imports of(List<String> paths, ConfigFiles files, @Nullable String phpVersion, String namespace) {
        var run = new FpmImport(files, phpVersion, namespace);
        paths.forEach(run::add);
        return new Imports(run.pools, List.copyOf(run.notes));
    }

    private void add(String path) {
        Configuration configuration = ConfigReader.read(path, files, file -> version(file, path));
        List<Note> ofMaster = new ArrayList<>(configuration.notes());
        if (configuration.pools().isEmpty() && ofMaster.isEmpty()) {
            ofMaster.add(new Note(
                    new Place(path, 0), Kind.ERROR, "", "there is no pool in it, so PHP-FPM does not start with it"));
        }
        var global = new Draft(Scope.GLOBAL, "", configuration.global(), version(path, path), ofMaster);
        for (FpmDirective directive : FpmDirective.values()) {
            if (directive.scope() == Scope.GLOBAL && directive.field() == null) {
                global.drop(directive);
            }
        }
        for (Pool pool : configuration.pools()) {
            // a file may be given that another one includes
            if (read.add(pool.place())) {
                add(pool, global, version(pool.place().file(), path), ofMaster);
            }
        }
        notes.addAll(sorted(ofMaster));
    }

    private static List<Note> sorted(List<Note> notes) {
        return notes.stream()
                .distinct()
                .sorted(Comparator.comparing((Note note) -> note.place().file())
                        .thenComparingInt(note -> note.place().line()))
                .toList();
    }

    private @Nullable String version(String file, String includer) {
        @Nullable String said = phpVersion == null ? PhpVersions.in(file) : phpVersion;
        return said == null ? PhpVersions.in(includer) : said;
    }

    private void add(Pool pool, Draft global, @Nullable String version, List<Note> ofMaster) {
        String name = names.next(pool.name());
        List<Note> ofPool = new ArrayList<>();
        var mapping = new PoolMapping(pool, global, version, namespace, name, ofPool);
        List<String> refusals = mapping.map();
        if (refusals.isEmpty()) {
            pools.add(new Imported(
                    "PhpFpmPool",
                    namespace,
                    name,
                    "[%s]".formatted(pool.name()),
                    pool.place(),
                    mapping.spec(),
                    Map.of(),
                    sorted(ofPool)));
            return;
        }
        ofPool.stream().filter(note -> note.kind() == Kind.ERROR).forEach(ofMaster::add);
        refusals.forEach(refusal -> ofMaster.add(
                new Note(pool.place(), Kind.ERROR, "[%s]".formatted(pool.name()), "no pool is written: " + refusal)));
    }
}
