package io.unitsmith.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one package is for all systems that are supported: the oldest here, the newest in all other tests. */
@ExtendWith(TestbedExtension.class)
class AgentPackageIT {

    @Test
    void theAgentRunsOnTheOldestSystem(Testbed bed) {
        ContainerHost host = ContainerHost.start(bed.run(), "oldest", "bookworm");
        try {
            host.installAgent(Repository.agentPackage());
            assumeThat(host.exec("unitsmith", "version").stderr())
                    .as("a runtime from a distribution's own JDK needs that distribution's C library")
                    .doesNotContain("GLIBC_");
            bed.addHost(host.name(), "bookworm");
            assertThat(host.sh(". /etc/os-release; echo $VERSION_CODENAME").output())
                    .isEqualTo("bookworm");
            assertThat(host.exec("systemctl", "is-active", "unitsmith-agent").output())
                    .isEqualTo("active");
            assertThat(host.exec("unitsmith", "version").output()).contains(Repository.version());
        } finally {
            bed.removeHost(host);
        }
    }
}
