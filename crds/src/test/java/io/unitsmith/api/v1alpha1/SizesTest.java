package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "512Mi, 536870912",
        "3Ki, 3072",
        "2Gi, 2147483648",
        "1Ti, 1099511627776",
        "999999Ti, 1099510528264372224"
    })
    void areBytes(String text, long bytes) {
        assertThat(Sizes.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1M", "1.5Gi", "Mi", " 1", "1 Mi", "1mi", "12345678901234567", "1000000Ti"})
    void anythingElseIsNone(String text) {
        assertThatThrownBy(() -> Sizes.bytes(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
