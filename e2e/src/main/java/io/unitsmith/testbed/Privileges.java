package io.unitsmith.testbed;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What a container needs that is a machine of its own, on engines that refuse `--privileged` too. */
final class Privileges {

    private Privileges() {}

    static HostConfig ofMachine(CreateContainerCmd command, String... devices) {
        return Objects.requireNonNull(command.getHostConfig())
                .withPrivileged(false)
                .withCapAdd(Capability.ALL)
                .withCapDrop(Capability.SYS_RESOURCE)
                .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
                .withCgroupnsMode("host")
                .withBinds(new Bind("/sys/fs/cgroup", new Volume("/sys/fs/cgroup"), AccessMode.rw))
                .withDevices(Arrays.stream(devices)
                        .map(device -> new Device("rwm", device, device))
                        .toList());
    }
}
