package io.unitsmith.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one package is for all systems that are supported: the oldest here, the newest in all other tests. */
@ExtendWith(TestbedExtension.class)
class AgentPackageIT {

    @Test
    void theAgentRunsOnTheOldestSystem(Testbed bed) {
        ContainerHost host = bed.addHost("oldest", "bookworm");
        try {
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
