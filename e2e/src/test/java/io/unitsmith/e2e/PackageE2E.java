package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The agent's package comes and goes; what it has made stays. */
@EndToEnd
class PackageE2E {

    private final Testbed bed;
    private final Tenant tenant;
    private final ContainerHost host;

    PackageE2E(Testbed bed) {
        this.bed = bed;
        this.tenant = Tenant.create(bed, "packages", "packages-ann");
        this.host = bed.addHost("packaged", "trixie");
        Tenant.addUser(host, "packages-ann");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        bed.removeHost(host);
    }

    @Test
    void aPoolOutlivesThePackageAndIsTakenUpAgainByItsReturn() {
        Pool pool = tenant.pool("pool", "packages-ann").apply("""
                  hostNames: [packaged]
                  phpVersion: "8.4"
                """).awaitReady();
        Result status = host.exec("unitsmith", "status");
        assertThat(status.stdout()).as("%s", status).contains("packages", "pool");

        try (Load load = Load.on(host, pool)) {
            host.exec("apt-get", "remove", "--yes", "unitsmith-agent").output();
            assertThat(host.exec("sh", "-c", "command -v unitsmith").succeeded())
                    .as("control: the package is gone")
                    .isFalse();
            host.exec("systemctl", "stop", pool.service()).output();
            assertThat(pool.visit(host)).startsWith("hello from packages-ann");
            host.exec("systemctl", "daemon-reload").output();
            assertThat(pool.visit(host)).startsWith("hello from packages-ann");

            host.sh("DEBIAN_FRONTEND=noninteractive apt-get install --yes /var/tmp/unitsmith-agent.deb")
                    .output();
            pool.apply("""
                      hostNames: [packaged]
                      phpVersion: "8.4"
                      env: {AFTER: return}
                    """).awaitReady();
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
        }
    }
}
