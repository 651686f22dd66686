package io.unitsmith.agent.migrate;

import static io.unitsmith.agent.migrate.FpmDirective.ENV;
import static io.unitsmith.agent.migrate.FpmDirective.PHP_ADMIN_FLAG;
import static io.unitsmith.agent.migrate.FpmDirective.PHP_ADMIN_VALUE;
import static io.unitsmith.agent.migrate.FpmDirective.PHP_FLAG;
import static io.unitsmith.agent.migrate.FpmDirective.PHP_VALUE;

import io.unitsmith.agent.migrate.Configuration.Line;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The environment, and php.ini's settings. */
final class SettingMapping {

    private static final Pattern ENV_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
    private static final Pattern INI_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,99}");
    private static final int LONGEST = 4096;
    private static final int MOST = 256;

    private static final Set<String> PHP_INIS_OWN =
            Set.of("extension", "zend_extension", "extension_dir", "auto_prepend_file", "auto_append_file");

    /** PHP-FPM disables what all lines name; of other settings it takes one line. */
    private static final Set<String> ADDING_UP = Set.of("disable_functions", "disable_classes");

    /** Relative values of these are completed with the prefix (fpm_php.h). */
    private static final Set<String> PATHS =
            Set.of("error_log", "sendmail_path", "session.cookie_path", "soap.wsdl_cache_dir");

    private static final String ERROR_REPORTING = "error_reporting";
    private static final Pattern ERROR_LEVEL = Pattern.compile("[~!(]*[0-9E][0-9A-Z_]*[0-9A-Z_ &|^~!()]*");

    private final Draft draft;
    private final Paths paths;
    private final Map<FpmDirective, Map<String, Object>> settings = new EnumMap<>(FpmDirective.class);

    /** The line that each setting comes from. */
    private final Map<String, Line> taken = new HashMap<>();

    SettingMapping(Draft draft, Paths paths) {
        this.draft = draft;
        this.paths = paths;
    }

    void map() {
        draft.lines(ENV).forEach(this::mapEnv);
        mapSettings(PHP_VALUE, PHP_FLAG);
        mapSettings(PHP_ADMIN_VALUE, PHP_ADMIN_FLAG);
        Stream.of(ENV, PHP_VALUE, PHP_FLAG, PHP_ADMIN_VALUE, PHP_ADMIN_FLAG)
                .filter(settings::containsKey)
                .forEach(directive -> draft.set(directive, Objects.requireNonNull(settings.get(directive))));
    }

    private void mapEnv(Line line) {
        String key = Objects.requireNonNull(line.entry().key());
        if (!draft.isKnown(line)) {
            return;
        }
        String value = draft.text(line);
        if (!ENV_KEY.matcher(key).matches()) {
            draft.dropped(line, "it is no name of a variable: at most 100 letters, digits and _");
        } else if (value.isEmpty()) {
            draft.error(line, "PHP-FPM does not start with it: the value is empty");
        } else if (value.startsWith("$")) {
            draft.dropped(
                    line,
                    "it is what %s is in the environment of the master, which has few variables here: write the value itself"
                            .formatted(value.substring(1)));
        } else if (isSayable(line, value) && isFirst(line, "env " + key)) {
            tellCalculated(line, value);
            put(ENV, line, key, value);
        }
    }

    /** Values and flags are one list to PHP-FPM, in which the first line of a name counts. */
    private void mapSettings(FpmDirective values, FpmDirective flags) {
        draft.lines(values, flags).forEach(line -> mapSetting(line, values, flags));
    }

    private void mapSetting(Line line, FpmDirective values, FpmDirective flags) {
        String key = Objects.requireNonNull(line.entry().key());
        if (!INI_KEY.matcher(key).matches()) {
            draft.dropped(line, "it is no name of a php.ini setting: at most 100 letters, digits, _ and .");
        } else if (PHP_INIS_OWN.contains(key.toLowerCase(Locale.ROOT))) {
            draft.dropped(line, "pools cannot set it, since it loads other code: set it in the host's php.ini");
        } else if (key.equals(ERROR_REPORTING)) {
            mapErrorReporting(line, values);
        } else if (line.entry().name().endsWith("flag")) {
            @Nullable Boolean flag = draft.isKnown(line) ? draft.flag(line) : null;
            if (flag != null && isFirst(line, values + " " + key)) {
                put(flags, line, key, flag);
            }
        } else if (draft.isKnown(line) && isSayable(line, draft.text(line))) {
            mapValue(line, key, values);
        }
    }

    private void mapValue(Line line, String key, FpmDirective values) {
        String value = draft.text(line);
        tellCalculated(line, value);
        if (PATHS.contains(key) && paths.prefix() != null && !value.isEmpty() && !value.equals("syslog")) {
            value = paths.complete(value);
        }
        @Nullable Object before = settings.getOrDefault(values, Map.of()).get(key);
        if (ADDING_UP.contains(key) && before != null) {
            draft.changed(line, "PHP-FPM adds it to the line before: they are one here");
            put(values, line, key, before + "," + value);
        } else if (isFirst(line, values + " " + key)) {
            put(values, line, key, value);
        }
    }

    /** The one setting that a manifest has as it is written, since PHP calculates it there too. */
    private void mapErrorReporting(Line line, FpmDirective values) {
        IniValue value = line.entry().value();
        boolean isExpression =
                !value.isQuoted() && ERROR_LEVEL.matcher(value.source()).matches();
        if (!isExpression && !draft.isKnown(line)) {
            return;
        }
        if (!isFirst(line, values + " " + ERROR_REPORTING)) {
            return;
        }
        String level = isExpression ? value.source() : Integer.toString(IniExpression.number(value.text()));
        if (level.startsWith("-")) {
            draft.dropped(line, "a manifest has no negative error level: write ~0 for all");
            return;
        }
        if (!isExpression && !level.equals(value.text())) {
            draft.changed(line, "PHP makes %s of it; without quotes it would calculate".formatted(level));
        }
        put(values, line, ERROR_REPORTING, level);
    }

    private boolean isSayable(Line line, String value) {
        if (value.length() > LONGEST) {
            draft.dropped(line, "a value has at most %d characters".formatted(LONGEST));
            return false;
        }
        if (hasControls(value) || value.contains("$pool")) {
            draft.dropped(line, "the value has a line break, another control character or $pool in it");
            return false;
        }
        return true;
    }

    static boolean hasControls(String text) {
        return text.chars().anyMatch(c -> c < ' ' && c != '\t');
    }

    private boolean isFirst(Line line, String setting) {
        @Nullable Line first = taken.putIfAbsent(setting, line);
        if (first != null) {
            draft.dropped(line, "PHP-FPM takes the first line of several, which is %s".formatted(first.place()));
        }
        return first == null;
    }

    private void tellCalculated(Line line, String value) {
        if (line.entry().value().isCalculated()) {
            draft.changed(
                    line, "PHP makes \"%s\" of it; put it in quotes if it is meant as it stands".formatted(value));
        }
    }

    private void put(FpmDirective directive, Line line, String key, Object value) {
        Map<String, Object> map = settings.computeIfAbsent(directive, name -> new LinkedHashMap<>());
        if (map.size() == MOST && !map.containsKey(key)) {
            draft.dropped(line, "at most %d are possible".formatted(MOST));
        } else {
            map.put(key, value);
        }
    }
}
