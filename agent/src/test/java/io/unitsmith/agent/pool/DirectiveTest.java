package io.unitsmith.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectiveTest {

    @ParameterizedTest
    @CsvSource({
        "MAX_SPAWN_RATE, 7.4, false",
        "MAX_SPAWN_RATE, 8.0, false",
        "MAX_SPAWN_RATE, 8.1, true",
        "MAX_SPAWN_RATE, 8.10, true",
        "MAX_SPAWN_RATE, 9.0, true",
        "MAX_SPAWN_RATE, 10.0, true",
        "SUPPRESS_PATH, 8.1, false",
        "SUPPRESS_PATH, 8.2, true",
        "DECORATE_WORKERS_OUTPUT, 7.2, false",
        "DECORATE_WORKERS_OUTPUT, 7.3, true",
        "SLOWLOG_TRACE_DEPTH, 7.1, false",
        "SLOWLOG_TRACE_DEPTH, 7.2, true",
    })
    void isKnownFromAVersionOn(Directive directive, String version, boolean known) {
        assertThat(directive.isKnownTo(version)).isEqualTo(known);
    }
}
