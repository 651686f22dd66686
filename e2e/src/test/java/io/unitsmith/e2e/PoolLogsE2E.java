package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The logs of a pool: its user reads them, nobody plants a link there, and rotating them loses no line. */
@EndToEnd
class PoolLogsE2E {

    private final ContainerHost host;
    private final Tenant tenant;

    PoolLogsE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "logs", "logs-ann", "logs-ben");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        host.sh("rm -rf /var/log/unitsmith/logs.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.4", "8.2"})
    void requestsAndSlowRequestsAndMessagesAreLoggedAsTheSpecSays(String version) {
        new PoolLog(host, tenant.pool("shop" + version.charAt(2), "logs-ann")).checkWhatIsLogged(version);
    }

    // T8 and its kin: what root makes in a folder of the tenant's, the tenant can lead elsewhere
    @Test
    void theTenantReadsTheLogsButPlantsNothingBesideThemAndOthersSeeNothing() {
        Pool pool = tenant.pool("private", "logs-ann").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  accessLog: {enabled: true}
                """).awaitReady();
        pool.visit(host);
        String folder = new PoolLog(host, pool).folder();
        assertThat(host.sh("stat --format '%U:%G %a' " + folder + " " + folder + "/access.log")
                        .output()
                        .lines())
                .containsExactly("root:logs-ann 750", "logs-ann:logs-ann 640");
        assertThat(as("logs-ann", "cat", folder + "/access.log").output()).contains("GET");
        assertThat(as("logs-ann", "ln", "-s", "/etc/shadow", folder + "/slow.log")
                        .succeeded())
                .as("a planted link")
                .isFalse();
        assertThat(as("logs-ann", "mv", folder + "/access.log", folder + "/elsewhere")
                        .succeeded())
                .as("a log moved away")
                .isFalse();
        assertThat(as("logs-ben", "ls", folder).succeeded())
                .as("another user looks into the folder")
                .isFalse();
    }

    @Test
    void aRotationUnderLoadLosesNeitherARequestNorALine() {
        new PoolLog(host, tenant.pool("rotated", "logs-ben")).checkRotations("8.4", 3);
    }

    private Result as(String user, String... command) {
        return host.exec(Stream.concat(
                        Stream.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"),
                        Arrays.stream(command))
                .toArray(String[]::new));
    }
}
