package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserLimitsTest {

    @Test
    void theStrictestHasOfEachBoundTheLowerOneByAmount() {
        UserLimits one = new UserLimits("2Gi", "400%", 30);
        UserLimits other = new UserLimits("1025Mi", "1000%", 200);
        assertThat(one.strictest(other)).isEqualTo(new UserLimits("1025Mi", "400%", 30));
        assertThat(other.strictest(one)).isEqualTo(new UserLimits("1025Mi", "400%", 30));
    }

    @Test
    void noBoundIsHigherThanAny() {
        UserLimits some = new UserLimits("2Gi", null, 30);
        assertThat(some.strictest(UserLimits.NONE)).isEqualTo(some);
        assertThat(UserLimits.NONE.strictest(some)).isEqualTo(some);
    }

    @Test
    void limitsThatAreSomeHaveNoFault() {
        assertThat(new UserLimits("2Gi", "400%", 2).fault()).isEmpty();
        assertThat(UserLimits.NONE.fault()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2G, , , memoryMax: \"2G\"",
        "2Gi, 4, , cpuQuota: \"4\"",
        "2Gi, 0%, , cpuQuota: \"0%\"",
        ", , 1, tasksMax: 1"
    })
    void whatIsNoBoundIsNamed(String memoryMax, String cpuQuota, Integer tasksMax, String named) {
        assertThat(new UserLimits(memoryMax, cpuQuota, tasksMax).fault())
                .hasValueSatisfying(fault -> assertThat(fault).startsWith(named));
    }
}
