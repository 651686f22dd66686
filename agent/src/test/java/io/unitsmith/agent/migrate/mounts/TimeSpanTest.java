package io.unitsmith.agent.migrate.mounts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code systemd-analyze timespan} says of the same texts. */
class TimeSpanTest {

    @ParameterizedTest
    @CsvSource({
        "300, 300",
        "5min, 300",
        "5m, 300",
        "1h 30min, 5400",
        "1h30m, 5400",
        "90s, 90",
        "500ms, 1",
        "1.5h, 5400",
        "2 h, 7200",
        "1w, 604800",
        "0, 0",
        "infinity, 0"
    })
    void areReadAsSystemdReadsThem(String text, long seconds) {
        assertThat(TimeSpan.seconds(text)).hasValue(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "\"300s\"", "5 parsecs", "-1", "1h x"})
    void andIgnoredWhereItIgnoresThem(String text) {
        assertThat(TimeSpan.seconds(text)).isEmpty();
    }
}
