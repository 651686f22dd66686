package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise 4: a bad spec changes nothing on any host, and the status says which field of what is wrong. */
@EndToEnd
class RefusalE2E {

    private static final String GOOD = "  hostNames: [web-1]\n";

    private final ContainerHost host;
    private final Tenant tenant;
    private final Pool good;

    RefusalE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "refusals", "refusals-ann", "refusals-ghost", "refusals-newcomer");
        // the policy allows them, the host does not have them
        tenant.removeUser("refusals-ghost");
        tenant.removeUser("refusals-newcomer");
        this.good = tenant.pool("good", "refusals-ann");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @ParameterizedTest
    @CsvSource({
        "user, refusals-ghost, UserNotFound, refusals-ghost",
        "phpVersion, 7.4, PhpVersionNotFound, 8.4",
        "chdir, /home/refusals-ann/absent, DirectoryNotFound, /home/refusals-ann/absent",
        "group, refusals-nobody, NotPermitted, refusals-nobody",
    })
    void aBadEditChangesNothingOnTheHostAndTheGoodRevisionGoesOnServing(
            String field, String value, String reason, String right) {
        good.apply(GOOD + "  phpVersion: \"8.4\"\n").awaitReady();
        String revision = good.status().revision();
        try (Load load = Load.on(host, good)) {
            HostState before = HostState.of(host);

            good.tryApply(specWith(field, value)).output();
            HostProblem problem = good.awaitProblem(reason);
            assertThat(problem.message()).as("what the status says of it").contains("spec." + field, value, right);
            assertThat(Pool.holds(good.get(), Condition.DEGRADED)).isTrue();
            assertThat(good.status().hosts().ready())
                    .as("the good revision counts as ready")
                    .isEqualTo(1);
            assertThat(HostState.of(host).changesSince(before))
                    .as("changes on the host")
                    .isEmpty();

            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
        }
        good.apply(GOOD + "  phpVersion: \"8.4\"\n").awaitReady();
        assertThat(good.status().revision()).as("back to the same spec").isEqualTo(revision);
        assertThat(Pool.holds(good.get(), Condition.DEGRADED)).isFalse();
    }

    @Test
    void aNewPoolOfAMissingUserLeavesTheHostAloneUntilTheUserIsThere() {
        HostState before = HostState.of(host);
        Pool pool = tenant.pool("early", "refusals-newcomer").apply(GOOD + "  phpVersion: \"8.4\"\n");
        HostProblem problem = pool.awaitProblem("UserNotFound");
        assertThat(problem.host()).isEqualTo("web-1");
        assertThat(problem.message()).contains("spec.user", "refusals-newcomer");
        assertThat(Pool.holds(pool.get(), Condition.READY)).isFalse();
        assertThat(HostState.of(host).changesSince(before))
                .as("changes on the host")
                .isEmpty();

        tenant.addUser("refusals-newcomer");
        pool.awaitReady();
        assertThat(pool.visit(host)).startsWith("hello from refusals-newcomer");
    }

    private static String specWith(String field, String value) {
        String spec = GOOD + "  %s: \"%s\"\n".formatted(field, value);
        spec += field.equals("user") ? "" : "  user: refusals-ann\n";
        return spec + (field.equals("phpVersion") ? "" : "  phpVersion: \"8.4\"\n");
    }
}
