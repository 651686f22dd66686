package io.unitsmith.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All rules are in the golden cases; here is what takes a table. */
class PoolRulesTest {

    @ParameterizedTest
    @CsvSource({"7.4, false", "8.0, false", "8.1, true", "8.10, true", "9.0, true", "10.0, true"})
    void spawnRatesCameWith81(String version, boolean there) {
        assertThat(PoolRules.hasSpawnRate(version)).isEqualTo(there);
    }
}
