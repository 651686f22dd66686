package io.unitsmith.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaskTest {

    @Test
    void takesOutWholeValuesAndEachOfTheirLines() {
        Mask mask = mask("first line\nsecond line\n", "hunter2");

        assertThat(mask.apply("login with hunter2 failed: second line")).isEqualTo("login with *** failed: ***");
    }

    @Test
    void ofTwoThatOverlapTheLongerGoesFirst() {
        assertThat(mask("pass", "password").apply("password")).isEqualTo("***");
    }

    @Test
    void leavesWordsThatAreTooShortToBeASecret() {
        assertThat(mask("on").apply("connection refused")).isEqualTo("connection refused");
    }

    private static Mask mask(String... values) {
        return Mask.of(Arrays.stream(values)
                .map(value -> Map.of("key", value.getBytes(StandardCharsets.UTF_8)))
                .toList());
    }
}
