package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {

    private static final String SERVICE = "unitsmith.slice/unitsmith-fpm.slice/unitsmith-fpm@demo.shop.service";

    @TempDir
    private Path root = Path.of("");

    @Test
    void theMemoryOfAServiceInTheUnifiedHierarchy() throws IOException {
        file("proc/7/cgroup", "0::/" + SERVICE + "\n");
        file("sys/fs/cgroup/" + SERVICE + "/memory.current", "52428800\n");
        file(
                "sys/fs/cgroup/" + SERVICE + "/memory.events",
                "low 0\nhigh 3\nmax 17\noom 4\noom_kill 2\noom_group_kill 0\n");
        assertThat(memory()).contains(new MemoryUse(52428800, 2));
    }

    @Test
    void theMemoryOfAServiceInTheFirstVersionsHierarchy() throws IOException {
        file("proc/7/cgroup", "9:name=systemd:/" + SERVICE + "\n4:cpu,cpuacct:/x\n3:memory:/" + SERVICE + "\n");
        file("sys/fs/cgroup/memory/" + SERVICE + "/memory.usage_in_bytes", "1024\n");
        file(
                "sys/fs/cgroup/memory/" + SERVICE + "/memory.oom_control",
                "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        assertThat(memory()).contains(new MemoryUse(1024, 1));
    }

    @Test
    void whereTheKernelDoesNotCountItThereIsNone() throws IOException {
        file("proc/7/cgroup", "0::/" + SERVICE + "\n");
        assertThat(memory()).isEmpty();
        file("proc/7/cgroup", "9:name=systemd:/" + SERVICE + "\n");
        assertThat(memory()).isEmpty();
    }

    private Optional<MemoryUse> memory() throws IOException {
        return new ControlGroups(root).memory(7);
    }

    private void file(String path, String content) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), content);
    }
}
