package io.unitsmith.agent.migrate;

import static io.unitsmith.agent.migrate.FpmDirective.CHDIR;
import static io.unitsmith.agent.migrate.FpmDirective.CHROOT;
import static io.unitsmith.agent.migrate.FpmDirective.LIMIT_EXTENSIONS;

import io.unitsmith.agent.migrate.Configuration.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What PHP may run, where, and with how much. */
final class LimitMapping {

    private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z0-9._-]{1,31}");
    private static final int MOST_EXTENSIONS = 16;
    private static final List<String> BUILT_IN_EXTENSIONS = List.of(".php", ".phar");
    private static final int LEAST_FILES = 64;
    private static final int MOST_FILES = 1048576;

    private final Draft draft;
    private final Draft global;
    private final Paths paths;

    LimitMapping(Draft draft, Draft global, Paths paths) {
        this.draft = draft;
        this.global = global;
        this.paths = paths;
    }

    void map() {
        mapExtensions();
        mapFolder();
        mapFiles(FpmDirective.RLIMIT_FILES, draft);
        mapCore(FpmDirective.RLIMIT_CORE, draft);
        if (draft.line(FpmDirective.RLIMIT_FILES) == null) {
            mapFiles(FpmDirective.GLOBAL_RLIMIT_FILES, global);
        }
        if (draft.line(FpmDirective.RLIMIT_CORE) == null) {
            mapCore(FpmDirective.GLOBAL_RLIMIT_CORE, global);
        }
        List.of(FpmDirective.CATCH_WORKERS_OUTPUT, FpmDirective.DECORATE_WORKERS_OUTPUT, FpmDirective.CLEAR_ENV)
                .forEach(directive -> {
                    @Nullable Boolean flag = draft.flag(directive);
                    if (flag != null) {
                        draft.set(directive, flag);
                    }
                });
    }

    private void mapExtensions() {
        @Nullable Line line = draft.line(LIMIT_EXTENSIONS);
        if (line == null) {
            draft.set(LIMIT_EXTENSIONS, BUILT_IN_EXTENSIONS);
            return;
        }
        List<String> extensions = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        Arrays.stream(draft.text(line).split("[ \t]+"))
                .filter(extension -> !extension.isEmpty())
                .forEach(extension -> (EXTENSION.matcher(extension).matches() && extensions.size() < MOST_EXTENSIONS
                                ? extensions
                                : refused)
                        .add(extension));
        if (!refused.isEmpty()) {
            draft.changed(
                    line,
                    "without %s: an extension is a dot, then at most 31 letters, digits, dots, - and _; there are at most %d"
                            .formatted(String.join(" ", refused), MOST_EXTENSIONS));
        } else if (extensions.isEmpty()) {
            draft.dropped(
                    line,
                    "PHP-FPM would run every file that it is given, uploads too: .php alone is run; name what else has to be"
                            + " in spec.limitExtensions");
        }
        if (!extensions.isEmpty()) {
            draft.set(LIMIT_EXTENSIONS, extensions);
        }
    }

    private void mapFolder() {
        draft.drop(CHROOT);
        @Nullable String chroot = draft.text(CHROOT);
        @Nullable Line line = draft.line(CHDIR);
        @Nullable String given = draft.text(CHDIR);
        if (line == null || given == null) {
            return;
        }
        String folder = (chroot == null ? "" : paths.complete(chroot)) + paths.complete(given);
        Optional<String> canonical = Paths.canonical(folder);
        if (canonical.isEmpty()) {
            draft.dropped(
                    line,
                    "a manifest cannot name this path: use one without .., control characters and spaces at its end");
        } else if (canonical.get().equals("/")) {
            draft.dropped(line, "it is where PHP starts anyway");
        } else {
            if (!canonical.get().equals(given)) {
                draft.changed(line, "it is %s".formatted(canonical.get()));
            }
            draft.set(CHDIR, canonical.get());
        }
    }

    /** Those of the whole master are told once, and not for each pool. */
    private void mapFiles(FpmDirective directive, Draft from) {
        OptionalInt files = from.integer(directive);
        if (files.isEmpty() || files.getAsInt() == 0) {
            return;
        }
        int bounded = Math.clamp(files.getAsInt(), LEAST_FILES, MOST_FILES);
        if (bounded != files.getAsInt() && from == draft) {
            draft.changed(
                    Objects.requireNonNull(draft.line(directive)),
                    "it is %d: from %d to %d are possible".formatted(bounded, LEAST_FILES, MOST_FILES));
        }
        draft.set(directive, bounded);
    }

    private void mapCore(FpmDirective directive, Draft from) {
        @Nullable String text = from.text(directive);
        if (text == null) {
            return;
        }
        if (text.equalsIgnoreCase("unlimited")) {
            draft.set(directive, "unlimited");
            return;
        }
        OptionalInt bytes = from.integer(directive);
        if (bytes.isPresent() && bytes.getAsInt() > 0) {
            draft.set(directive, Integer.toString(bytes.getAsInt()));
        }
    }
}
