package io.unitsmith.api.v1alpha1;

/** Durations as users write them, such as {@code 30s}, {@code 5m} or {@code 1h30m}: whole seconds, for PHP-FPM reads 500ms as 500 seconds. */
public final class Durations {

    private static final java.util.regex.Pattern PARTS =
            java.util.regex.Pattern.compile("(?:(\\d{1,2})h)?(?:(\\d{1,4})m)?(?:(\\d{1,5})s)?");

    private Durations() {}

    /**
     * The duration in seconds.
     *
     * @throws IllegalArgumentException if it is empty or not of the form h, m, s
     */
    public static int seconds(String text) {
        var matcher = PARTS.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a duration such as 30s, 5m or 1h30m");
        }
        return part(matcher.group(1)) * 3600 + part(matcher.group(2)) * 60 + part(matcher.group(3));
    }

    /** Whether {@link #seconds} can read it. */
    public static boolean isValid(String text) {
        return !text.isEmpty() && PARTS.matcher(text).matches();
    }

    private static int part(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
