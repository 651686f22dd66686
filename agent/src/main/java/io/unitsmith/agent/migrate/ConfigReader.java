package io.unitsmith.agent.migrate;

import io.unitsmith.agent.migrate.ConfigFiles.Missing;
import io.unitsmith.agent.migrate.Configuration.Line;
import io.unitsmith.agent.migrate.Configuration.Pool;
import io.unitsmith.agent.migrate.IniLine.Entry;
import io.unitsmith.agent.migrate.IniLine.Section;
import io.unitsmith.agent.migrate.IniLine.Statement;
import io.unitsmith.agent.migrate.Note.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file and what it includes, as {@code php-fpm --fpm-config FILE} does it (fpm_conf.c). */
final class ConfigReader {

    private static final String GLOBAL = "global";
    private static final int DEEPEST = 5;

    /** Where PHP-FPM looks for relative paths, in packages of distributions. */
    static final String PREFIX = "/usr/";

    private final ConfigFiles files;
    private final Function<String, @Nullable String> versionOf;

    private final List<Line> global = new ArrayList<>();
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final List<Note> notes = new ArrayList<>();

    /** The lines of the section that reading is in; it goes on over the ends of files. */
    private List<Line> section = global;

    private ConfigReader(ConfigFiles files, Function<String, @Nullable String> versionOf) {
        this.files = files;
        this.versionOf = versionOf;
    }

    /** @param versionOf the PHP version that a file is for, as far as that is known */
    static Configuration read(String file, ConfigFiles files, Function<String, @Nullable String> versionOf) {
        var reader = new ConfigReader(files, versionOf);
        reader.readFile(new Place(file, 0), "", file, 1);
        return new Configuration(reader.global, List.copyOf(reader.pools.values()), reader.notes);
    }

    private void readFile(Place asked, String line, String file, int depth) {
        if (depth > DEEPEST) {
            error(asked, line, "PHP-FPM includes files at most %d deep: %s is not read".formatted(DEEPEST, file));
            return;
        }
        String text;
        try {
            text = files.read(file);
        } catch (Missing e) {
            error(asked, line, line.isEmpty() ? e.why() : file + " " + e.why());
            return;
        }
        var constants = new PhpConstants(versionOf.apply(file));
        int number = 0;
        for (String one : text.split("\n", -1)) {
            readLine(new Place(file, ++number), one, constants, depth);
        }
    }

    private void readLine(Place place, String line, PhpConstants constants, int depth) {
        List<Statement> statements;
        try {
            statements = IniLine.read(line, constants);
        } catch (Unreadable e) {
            error(place, line.strip(), "PHP-FPM does not start with it: %s".formatted(e.getMessage()));
            return;
        }
        for (Statement statement : statements) {
            switch (statement) {
                case Section(String name) -> enter(place, name);
                case Entry entry when entry.name().equals("include") -> include(place, entry, depth);
                case Entry entry -> section.add(new Line(place, entry));
            }
        }
    }

    /** The same name in other letters is the same pool. */
    private void enter(Place place, String name) {
        if (name.equalsIgnoreCase(GLOBAL)) {
            section = global;
            return;
        }
        section = pools.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new Pool(name, place, new ArrayList<>()))
                .lines();
    }

    private void include(Place place, Entry entry, int depth) {
        String pattern = entry.value().text();
        if (entry.value().unknown() != null) {
            error(
                    place,
                    entry.toString(),
                    "%s comes from php.ini or the environment of php-fpm: import the files by their names"
                            .formatted(entry.value().unknown()));
            return;
        }
        String path = pattern.startsWith("/") ? pattern : PREFIX + pattern;
        List<String> found = files.glob(path);
        if (found.isEmpty()) {
            notes.add(new Note(
                    place,
                    Kind.DROPPED,
                    entry.toString(),
                    "no file matches %s; without its folder PHP-FPM does not start".formatted(path)));
        }
        found.forEach(file -> readFile(place, entry.toString(), file, depth + 1));
    }

    private void error(Place place, String line, String text) {
        notes.add(new Note(place, Kind.ERROR, line, text));
    }
}
