package io.unitsmith.agent.migrate;

import org.jspecify.annotations.Nullable;

/**
 * A value as PHP has read it.
 *
 * @param text what it is for PHP-FPM
 * @param source how it stands in the file
 * @param isCalculated whether PHP has put something else in the place of words that stand there: a result, a constant
 * @param isQuoted whether a part of it stands in quotes
 * @param unknown the part that only the host could tell, such as {@code ${HOME}}; null if there is none
 */
record IniValue(
        String text,
        String source,
        boolean isCalculated,
        boolean isQuoted,
        @Nullable String unknown) {}
