package io.unitsmith.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The agent's own unit, as the package brings it. */
class AgentUnitTest {

    /** Each gives the service a mount namespace, in which automounts are seen as they were, and a hung mount hangs the start. */
    private static final List<String> MOUNT_NAMESPACE = List.of(
            "PrivateTmp",
            "PrivateDevices",
            "PrivateMounts",
            "PrivateIPC",
            "ProtectSystem",
            "ProtectHome",
            "ProtectKernelTunables",
            "ProtectKernelModules",
            "ProtectKernelLogs",
            "ProtectControlGroups",
            "ProtectProc",
            "ProcSubset",
            "ReadOnlyPaths",
            "ReadWritePaths",
            "InaccessiblePaths",
            "ExecPaths",
            "NoExecPaths",
            "BindPaths",
            "BindReadOnlyPaths",
            "TemporaryFileSystem",
            "MountFlags",
            "RootDirectory",
            "RootImage",
            "DynamicUser",
            "LoadCredential",
            "SetCredential",
            "LogNamespace");

    private final Map<String, String> settings = read();

    @Test
    void theAgentSeesTheHostsMountsAsTheyAre() {
        assertThat(settings.keySet()).doesNotContainAnyElementsOf(MOUNT_NAMESPACE);
    }

    @Test
    void itIsStartedAgainWhateverHappens() {
        assertThat(settings)
                .containsEntry("Restart", "always")
                .containsEntry("StartLimitIntervalSec", "0")
                .containsEntry("Type", "notify")
                .containsKeys("WatchdogSec", "MemoryMax");
    }

    @Test
    void itCannotGainWhatItDoesNotNeed() {
        assertThat(settings)
                .containsEntry("NoNewPrivileges", "yes")
                .containsEntry("SystemCallFilter", "@system-service");
        assertThat(settings.get("CapabilityBoundingSet"))
                .doesNotContain("SYS_ADMIN", "SYS_MODULE", "NET_ADMIN", "SYS_RAWIO", "MKNOD", "~");
    }

    private static Map<String, String> read() {
        try {
            return Files.readAllLines(Path.of("src/deb/unitsmith-agent.service")).stream()
                    .filter(line -> line.matches("[A-Za-z]+=.*"))
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
