package io.unitsmith.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What all other tests rest on. */
@ExtendWith(TestbedExtension.class)
class FixtureIT {

    @Test
    void theClusterIsReachableFromHere(Cluster cluster) {
        assertThat(cluster.client().getKubernetesVersion().getGitVersion()).startsWith("v1.");
        assertThat(cluster.kubectl("get", "nodes", "--no-headers").output()).contains(" Ready ");
    }

    @Test
    void aHostReachesTheClusterByTheNameInItsCertificate(Cluster cluster, @TempDir Path folder) throws Exception {
        ContainerHost host = ContainerHost.start(cluster.run(), "probe", "trixie");
        try {
            Path authority = folder.resolve("ca.crt");
            Files.write(
                    authority,
                    Base64.getDecoder()
                            .decode(cluster.client().getConfiguration().getCaCertData()));
            host.copyTo(authority, "/root/ca.crt");
            assertThat(host.exec("curl", "-s", "--cacert", "/root/ca.crt", Cluster.SERVER + "/livez")
                            .stderr())
                    .isEmpty();
        } finally {
            host.remove();
        }
    }

    @Test
    void aHostIsTheSameMachineAfterAPowerCut(Cluster cluster) {
        ContainerHost host = ContainerHost.start(cluster.run(), "unplugged", "trixie");
        try {
            String machineId = host.exec("cat", "/etc/machine-id").output();
            host.sh("touch /run/gone /srv/kept && sync").output();
            host.kill();
            host.start();
            assertThat(host.exec("cat", "/etc/machine-id").output())
                    .isNotEmpty()
                    .isEqualTo(machineId);
            assertThat(host.sh("ls /run/gone").succeeded()).isFalse();
            assertThat(host.sh("ls /srv/kept").succeeded()).isTrue();
            assertThat(host.exec("systemctl", "is-system-running").stdout().strip())
                    .isEqualTo("running");
        } finally {
            host.remove();
        }
    }

    @Test
    void whatACommandReadsAndSaysIsKeptApart(Cluster cluster) {
        Result result = cluster.container().execWithInput("in", "sh", "-c", "cat; echo err >&2; exit 3");
        assertThat(result)
                .extracting(Result::exitCode, Result::stdout, Result::stderr)
                .containsExactly(3, "in", "err\n");
    }
}
