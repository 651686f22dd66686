package io.unitsmith.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {

    @Test
    void anInstanceIsNamespaceDotName() {
        assertThat(Names.instance("customer-a", "shop")).isEqualTo("customer-a.shop");
        assertThat(Names.socketPath("customer-a", "shop")).isEqualTo("/run/unitsmith/fpm/customer-a.shop.sock");
    }

    @Test
    void anInstanceOverSixtyCharactersIsCutAndGetsAHash() {
        String exactly = Names.instance("n".repeat(30), "m".repeat(29));
        String over = Names.instance("n".repeat(30), "m".repeat(30));
        assertThat(exactly).isEqualTo("n".repeat(30) + "." + "m".repeat(29));
        assertThat(over).hasSize(60).startsWith("n".repeat(30) + ".").matches(".*-[0-9a-f]{10}");
    }

    @Test
    void longNamesThatDifferOnlyAtTheEndStayApart() {
        String common = "x".repeat(200);
        assertThat(Names.instance("ns", common + "1")).isNotEqualTo(Names.instance("ns", common + "2"));
        assertThat(Names.assignment("PhpFpmPool", "ns", common + "1"))
                .isNotEqualTo(Names.assignment("PhpFpmPool", "ns", common + "2"));
    }

    @Test
    void namesThatReadTheSameWhenJoinedStayApart() {
        assertThat(Names.assignment("PhpFpmPool", "a-b", "c")).isNotEqualTo(Names.assignment("PhpFpmPool", "a", "b-c"));
    }

    @Test
    void anAssignmentsNameIsReadableAndAtMostSixtyThreeLong() {
        assertThat(Names.assignment("RemoteMount", "customer-a", "up.loads-" + "x".repeat(240)))
                .hasSizeLessThanOrEqualTo(63)
                .matches("remotemount-customer-a-up\\.loads-x*-[0-9a-f]{10}");
    }

    @Test
    void theLongestHostNameStillFitsItsNamespace() {
        assertThat(Names.hostNamespace("h".repeat(48))).hasSizeLessThanOrEqualTo(63);
    }
}
