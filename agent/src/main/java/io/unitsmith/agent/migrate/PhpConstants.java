package io.unitsmith.agent.migrate;

import io.unitsmith.api.v1alpha1.PhpVersion;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The constants of PHP that a configuration may use, for a version of PHP on Linux. */
final class PhpConstants {

    private static final Map<String, String> SAME_EVERYWHERE = Map.ofEntries(
            Map.entry("E_ERROR", "1"),
            Map.entry("E_WARNING", "2"),
            Map.entry("E_PARSE", "4"),
            Map.entry("E_NOTICE", "8"),
            Map.entry("E_CORE_ERROR", "16"),
            Map.entry("E_CORE_WARNING", "32"),
            Map.entry("E_COMPILE_ERROR", "64"),
            Map.entry("E_COMPILE_WARNING", "128"),
            Map.entry("E_USER_ERROR", "256"),
            Map.entry("E_USER_WARNING", "512"),
            Map.entry("E_USER_NOTICE", "1024"),
            Map.entry("E_STRICT", "2048"),
            Map.entry("E_RECOVERABLE_ERROR", "4096"),
            Map.entry("E_DEPRECATED", "8192"),
            Map.entry("E_USER_DEPRECATED", "16384"),
            Map.entry("PHP_OS", "Linux"),
            Map.entry("PHP_OS_FAMILY", "Linux"),
            Map.entry("DIRECTORY_SEPARATOR", "/"),
            Map.entry("PATH_SEPARATOR", ":"));

    /** Whatever is named so may be one of the many others, whose values depend on the build. */
    private static final Pattern FAMILY = Pattern.compile(
            "(E|PHP|ZEND|M|LOG|LC|LOCK|SEEK|SORT|COUNT|ENT|INI|INFO|CREDITS|CURL[A-Z]*|PREG|JSON|FILE|FILTER|GLOB|DNS"
                    + "|STREAM|SO|SOCK|AF|MB|OPENSSL|LIBXML|XML|DATE|UPLOAD|CONNECTION|CRYPT|PASSWORD|DEBUG|T)_[A-Z0-9_]+"
                    + "|INF|NAN");

    private final Map<String, String> values = new HashMap<>(SAME_EVERYWHERE);

    /** @param version such as {@code 8.4}; null if it is not known */
    PhpConstants(@Nullable String version) {
        if (version != null) {
            // without E_STRICT since PHP 8.4
            values.put("E_ALL", PhpVersion.of(version).isAtLeast(8, 4) ? "30719" : "32767");
        }
    }

    /** The constant's value; null if there is none of that name, or none that is known. */
    @Nullable
    String value(String name) {
        return values.get(name);
    }

    /** The same for a name in brackets, where {@code true} is a constant as well. */
    @Nullable
    String valueInBrackets(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "true" -> "1";
            case "false", "null" -> "";
            default -> value(name);
        };
    }

    /** Whether it may be a constant whose value is not known here. */
    boolean mayHave(String name) {
        return !values.containsKey(name) && FAMILY.matcher(name).matches();
    }
}
