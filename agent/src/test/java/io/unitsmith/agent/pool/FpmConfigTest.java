package io.unitsmith.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PHP-FPM really reads from these is for the tests on a host; here it is that they are quoted, and how. */
class FpmConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a;b",
                "a=b",
                "a&b",
                "a|b",
                "!x",
                "~x",
                "(x)",
                "on",
                "off",
                "none",
                "null",
                "PHP_OS",
                "E_ALL",
                "${HOME}",
                "say \"hi\"",
                " edges ",
                "a\\b",
                "ends with \\",
                "100%",
                "#x",
                "[x]",
                "日本",
                "a\tb"
            })
    void aValueWithoutASingleQuoteIsInSingleQuotes(String value) {
        assertThat(FpmConfig.quote(value)).isEqualTo("'" + value + "'");
    }

    @Test
    void aSingleQuoteNeedsDoubleQuotesAndTheirEscapes() {
        assertThat(FpmConfig.quote("it's")).isEqualTo("\"it's\"");
        assertThat(FpmConfig.quote("'\\\"$x")).isEqualTo("\"'\\\\\\\"\\$x\"");
    }

    @Test
    void nothingIsTwoQuotes() {
        assertThat(FpmConfig.quote("")).isEqualTo("\"\"");
    }
}
