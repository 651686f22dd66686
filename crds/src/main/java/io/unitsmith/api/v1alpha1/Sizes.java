package io.unitsmith.api.v1alpha1;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as users write them: bytes, or {@code Ki}, {@code Mi}, {@code Gi}, {@code Ti} of them. */
public final class Sizes {

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,15})|(?:([1-9][0-9]{0,5})([KMGT])i)");

    private Sizes() {}

    /**
     * The size in bytes.
     *
     * @throws IllegalArgumentException if it is not of that form; at most six digits stand before a unit
     */
    public static long bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a size such as 512Mi or 2Gi");
        }
        return matcher.group(1) != null
                ? Long.parseLong(matcher.group(1))
                : Long.parseLong(matcher.group(2)) << (10 * ("KMGT".indexOf(matcher.group(3)) + 1));
    }
}
