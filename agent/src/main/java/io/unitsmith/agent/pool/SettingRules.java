package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Problems;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What stands against the environment and the php.ini settings of a pool. Messages do not repeat values that may be private. */
final class SettingRules {

    private static final Pattern ENV_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
    private static final Pattern INI_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,99}");

    /** They load native code, or run a script before or after every other. */
    private static final Set<String> DENIED_INI_KEYS =
            Set.of("extension", "zend_extension", "extension_dir", "auto_prepend_file", "auto_append_file");

    /** The one setting whose value is an expression. */
    static final String ERROR_REPORTING = "error_reporting";

    /** Numbers and constants, with the operators that a configuration file knows (zend_ini_parser.y). */
    private static final Pattern ERROR_LEVEL = Pattern.compile("[~!(]*[0-9E][0-9A-Z_]*[0-9A-Z_ &|^~!()]*");

    private final Problems problems;

    private SettingRules(Problems problems) {
        this.problems = problems;
    }

    static void check(PhpFpmPoolSpec spec, Problems problems) {
        var rules = new SettingRules(problems);
        rules.checkEnv(spec.env());
        rules.checkIni("spec.phpValues", spec.phpValues());
        rules.checkIni("spec.phpFlags", spec.phpFlags());
        rules.checkIni("spec.phpAdminValues", spec.phpAdminValues());
        rules.checkIni("spec.phpAdminFlags", spec.phpAdminFlags());
    }

    private void checkEnv(Map<String, String> env) {
        new TreeMap<>(env).forEach((key, value) -> {
            if (!ENV_KEY.matcher(key).matches()) {
                add("spec.env", "\"%s\" is no name of a variable: at most 100 letters, digits and _".formatted(key));
                return;
            }
            String field = "spec.env." + key;
            checkText(field, value);
            if (value.isEmpty()) {
                add(field, "the value is empty, which PHP-FPM refuses: leave the variable out");
            } else if (value.startsWith("$")) {
                add(field, "the value begins with $, so PHP-FPM would put a variable of its own in its place");
            }
        });
    }

    private void checkIni(String field, Map<String, ?> settings) {
        new TreeMap<>(settings).forEach((key, value) -> {
            if (!INI_KEY.matcher(key).matches()) {
                add(
                        field,
                        "\"%s\" is no name of a php.ini setting: at most 100 letters, digits, _ and .".formatted(key));
            } else if (DENIED_INI_KEYS.contains(key.toLowerCase(Locale.ROOT))) {
                add(
                        field + "." + key,
                        "pools cannot set %s, which loads other code into every request: set it in the host's php.ini"
                                .formatted(key));
            } else if (key.equals(ERROR_REPORTING)
                    && !ERROR_LEVEL.matcher(value.toString()).matches()) {
                add(field + "." + key, "\"%s\" is no error level such as E_ALL & ~E_DEPRECATED".formatted(value));
            } else {
                checkText(field + "." + key, value.toString());
            }
        });
    }

    private void checkText(String field, String text) {
        checkText(problems, field, text);
    }

    /** PHP-FPM reads its configuration line by line, and replaces $pool even in quotes (fpm_conf.c). */
    static void checkText(Problems problems, String field, String text) {
        if (text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            problems.add(
                    Reason.INVALID,
                    field,
                    "the value has a line break or another control character in it, which PHP-FPM's configuration cannot hold");
        }
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            problems.add(
                    Reason.INVALID, field, "the value has half of a character in it (a surrogate without the other)");
        }
        if (text.contains("$pool")) {
            problems.add(Reason.INVALID, field, "the value has $pool in it, which PHP-FPM would replace");
        }
    }

    private void add(String field, String message) {
        problems.add(Reason.INVALID, field, message);
    }
}
