package io.unitsmith.agent.migrate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The PHP version that a configuration is for, as distributions and panels have it in its path. */
final class PhpVersions {

    private static final Pattern FOLDER =
            Pattern.compile("/(?:(\\d)\\.(\\d{1,2})|(?:ea-|alt-)?php-?(\\d)\\.?(\\d{1,2}))(?=/)");

    private PhpVersions() {}

    /** Such as {@code 8.2} of {@code /etc/php/8.2/fpm/pool.d/shop.conf}; null if it is not in the path. */
    static @Nullable String in(String path) {
        Matcher folder = FOLDER.matcher(path);
        if (!folder.find()) {
            return null;
        }
        return folder.group(1) == null
                ? folder.group(3) + "." + folder.group(4)
                : folder.group(1) + "." + folder.group(2);
    }
}
