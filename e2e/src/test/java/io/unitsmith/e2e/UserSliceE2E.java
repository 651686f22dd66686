package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All pools of a UNIX user on a host share one slice, whatever their PHP version, and a TenantPolicy bounds it. */
@EndToEnd
class UserSliceE2E {

    private static final String ANN = "slices-ann";
    private static final String ANNS = "unitsmith-fpm-slices\\x2dann.slice";

    /** As systemd would nest it, if the dash were not escaped. */
    private static final String ANN_A = "slices-ann-a";

    private static final String ANN_AS = "unitsmith-fpm-slices\\x2dann\\x2da.slice";

    private final ContainerHost host;
    private final Tenant tenant;

    UserSliceE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "slices", ANN, ANN_A);
    }

    @AfterEach
    void takeWorkloadsAway() {
        tenant.deleteWorkloads();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void poolsOfAUserShareItsSliceAndThePolicysLimitsReachItWhileTheyRun() {
        allow("{}");
        Pool old = pool("old", ANN, "8.2");
        Pool current = pool("current", ANN, "8.4");
        assertThat(List.of(sliceOf(old), sliceOf(current))).containsOnly(ANNS);
        assertThat(limits()).isEqualTo(limits("infinity", "infinity"));
        List<Integer> masters = List.of(old.masterPid(host), current.masterPid(host));
        String revision = Objects.requireNonNull(current.status().revision());

        allow("{memoryMax: 512Mi, cpuQuota: \"150%\", tasksMax: 100}");
        await(limits("536870912", "1.500000s"));
        assertThat(host.exec("systemctl", "show", "--value", "--property", "TasksMax", ANNS)
                        .output())
                .isEqualTo("100");

        allow("{memoryMax: 256Mi}");
        await(limits("268435456", "infinity"));

        assertThat(List.of(old.masterPid(host), current.masterPid(host)))
                .as("the masters that ran before there were limits")
                .isEqualTo(masters);
        assertThat(current.status().revision()).isEqualTo(revision);
        assertThat(current.visit(host)).startsWith("hello from " + ANN + " on PHP 8.4");
    }

    @Test
    void limitsOfAUserStayWhenThePolicyGoes() {
        allow("{memoryMax: 512Mi}");
        Pool pool = pool("frozen", ANN, "8.4");
        await(limits("536870912", "infinity"));
        tenant.bed()
                .cluster()
                .kubectl("delete", "tenantpolicy", tenant.namespace())
                .output();
        pool.awaitProblem("NotPermitted");

        assertThat(limits()).isEqualTo(limits("536870912", "infinity"));
        assertThat(pool.visit(host)).startsWith("hello from " + ANN);
    }

    @Test
    void theSliceOfOneUserIsNotWithinThatOfAnother() {
        allow("{memoryMax: 512Mi}");
        Pool pool = pool("first", ANN, "8.4");
        Pool other = pool("second", ANN_A, "8.4");
        assertThat(sliceOf(pool)).isEqualTo(ANNS);
        assertThat(sliceOf(other)).isEqualTo(ANN_AS);
        assertThat(List.of(show(ANNS, "Slice"), show(ANN_AS, "Slice"))).containsOnly("unitsmith-fpm.slice");
        assertThat(controlGroup(other))
                .as("where the second master runs, and where the first")
                .doesNotStartWith(show(ANNS, "ControlGroup") + "/")
                .startsWith(show(ANN_AS, "ControlGroup") + "/");
    }

    @Test
    void theLastPoolOfAUserTakesTheSliceAlong() {
        HostState before = HostState.of(host).about("slices");
        allow("{memoryMax: 512Mi}");
        Pool first = pool("first", ANN, "8.4");
        pool("second", ANN, "8.2");
        tenant.kubectl("delete phpfpmpool second").output();
        assertThat(HostState.of(host).about(ANNS).lines())
                .as("what is left for the first")
                .isNotEmpty();
        assertThat(limits()).isEqualTo(limits("536870912", "infinity"));
        assertThat(first.visit(host)).startsWith("hello from " + ANN);

        tenant.deleteWorkloads();
        assertThat(HostState.of(host).about("slices").changesSince(before)).isEmpty();
    }

    private void allow(String perUser) {
        tenant.allow("""
                  users: [%s, %s]
                  socketGroups: [www-data]
                  maximum: {perUser: %s}
                """.formatted(ANN, ANN_A, perUser));
    }

    /** One that has a master, since somebody has asked it. */
    private Pool pool(String name, String user, String phpVersion) {
        Pool pool = tenant.pool(name, user).apply("""
                  hostNames: [web-1]
                  phpVersion: "%s"
                """.formatted(phpVersion)).awaitReady();
        assertThat(pool.visit(host)).startsWith("hello from " + user + " on PHP " + phpVersion);
        return pool;
    }

    private String sliceOf(Pool pool) {
        return pool.property(host, pool.service(), "Slice");
    }

    private String controlGroup(Pool pool) {
        return pool.property(host, pool.service(), "ControlGroup");
    }

    private String show(String unit, String property) {
        return host.exec("systemctl", "show", "--value", "--property", property, unit)
                .output();
    }

    private Map<String, String> limits() {
        return limits(show(ANNS, "MemoryMax"), show(ANNS, "CPUQuotaPerSecUSec"));
    }

    private static Map<String, String> limits(String memoryMax, String cpuQuota) {
        return Map.of("MemoryMax", memoryMax, "CPUQuotaPerSecUSec", cpuQuota);
    }

    private void await(Map<String, String> limits) {
        until(
                "the slice has " + limits,
                Duration.ofSeconds(60),
                () -> limits().equals(limits),
                () -> host.exec("systemctl", "cat", ANNS).toString());
    }
}
