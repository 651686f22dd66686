package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Selector.Operator;
import io.unitsmith.api.v1alpha1.Selector.Requirement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectorTest {

    private static final Map<String, String> WEB = Map.of("role", "web", "ring", "canary");

    @Test
    void anEmptySelectorSelectsNothing() {
        assertThat(new Selector(null, null).matches(WEB)).isFalse();
    }

    @Test
    void everyLabelHasToMatch() {
        assertThat(new Selector(Map.of("role", "web"), null).matches(WEB)).isTrue();
        assertThat(new Selector(Map.of("role", "web", "ring", "main"), null).matches(WEB))
                .isFalse();
        assertThat(new Selector(Map.of("role", "web"), null).matches(null)).isFalse();
    }

    @Test
    void expressionsCompareAsKubernetesDoes() {
        assertThat(matches("ring", Operator.IN, "canary", "main")).isTrue();
        assertThat(matches("ring", Operator.IN, "main")).isFalse();
        assertThat(matches("absent", Operator.IN, "x")).isFalse();
        assertThat(matches("ring", Operator.NOT_IN, "canary")).isFalse();
        assertThat(matches("absent", Operator.NOT_IN, "x")).isTrue();
        assertThat(matches("ring", Operator.EXISTS)).isTrue();
        assertThat(matches("absent", Operator.EXISTS)).isFalse();
        assertThat(matches("ring", Operator.DOES_NOT_EXIST)).isFalse();
        assertThat(matches("absent", Operator.DOES_NOT_EXIST)).isTrue();
    }

    @Test
    void labelsAndExpressionsMustBothHold() {
        var ring = List.of(new Requirement("ring", Operator.IN, List.of("main")));
        assertThat(new Selector(Map.of("role", "web"), ring).matches(WEB)).isFalse();
    }

    private static boolean matches(String key, Operator operator, String... values) {
        return new Selector(null, List.of(new Requirement(key, operator, List.of(values)))).matches(WEB);
    }
}
