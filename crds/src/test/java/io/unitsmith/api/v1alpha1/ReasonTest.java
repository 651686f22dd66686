package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReasonTest {

    @Test
    void isSpelledAsKubernetesSpellsReasons() {
        assertThat(Reason.PHP_VERSION_NOT_FOUND.text()).isEqualTo("PhpVersionNotFound");
        assertThat(Arrays.stream(Reason.values()).map(Reason::text))
                .doesNotHaveDuplicates()
                .allMatch(text -> text.matches("[A-Z][A-Za-z]{1,63}"));
    }
}
