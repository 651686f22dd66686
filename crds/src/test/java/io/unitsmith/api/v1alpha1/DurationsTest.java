package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"0s, 0", "30s, 30", "5m, 300", "1h30m, 5400", "1h1m1s, 3661", "90s, 90"})
    void isReadAsWholeSeconds(String text, int seconds) {
        assertThat(Durations.seconds(text)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "500ms", "1.5h", "30", "s", "-5s", "1m1h", " 5s", "5S", "5 s"})
    void refusesWhatPhpFpmWouldMisread(String text) {
        assertThatThrownBy(() -> Durations.seconds(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }
}
