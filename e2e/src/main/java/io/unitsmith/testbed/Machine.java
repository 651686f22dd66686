package io.unitsmith.testbed;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A host with a kernel and a disk of its own: what is not on the disk when its power is cut is lost. */
public final class Machine extends Host {

    private Machine(Run run, String name) {
        super(run, name);
    }

    /** A new one with a fresh disk, the agent's package installed. */
    public static Machine start(Run run, String name, String suite) {
        Machine machine = boot(run, name, suite);
        Waiting.step("installing the agent on " + name, () -> machine.installAgent(Repository.agentPackage()));
        return machine;
    }

    /** A new one with a copy of that disk. */
    static Machine boot(Run run, String name, String disk) {
        Docker.ensureNetwork(run);
        Machine machine = new Machine(run, name);
        Waiting.step("booting machine " + name, () -> {
            machine.remove();
            machine.create(run, Repository.diskFolder(disk));
            machine.awaitSystemd();
        });
        return machine;
    }

    /** Between one write to the disk and the next. */
    public void powerCut() {
        kill();
    }

    /** Boots the disk as it is; returns once systemd has started everything. */
    public void powerOn() {
        start();
    }

    @Override
    public void stop() {
        exec("systemctl", "poweroff");
        Docker.run("wait", containerName()).output();
    }

    @Override
    public void copyTo(Path file, String path) {
        Docker.run(file, execArguments(List.of("cp", "/dev/stdin", path))).output();
    }

    /** The container has a key to the machine that runs in it. */
    @Override
    List<String> inside(List<String> command) {
        return List.of("ssh", "guest", command.stream().map(Machine::quoted).collect(Collectors.joining(" ")));
    }

    private static String quoted(String argument) {
        return "'" + argument.replace("'", "'\\''") + "'";
    }

    private void create(Run run, Path diskFolder) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(Repository.vmImage()));
        container
                .withLabels(run.labels())
                .withReuse(run.kept())
                .withTmpFs(Map.of("/memory", "rw,exec"))
                .withCreateContainerCmdModifier(command -> configure(command, run, diskFolder));
        container.start();
    }

    private void configure(CreateContainerCmd command, Run run, Path diskFolder) {
        command.withName(containerName()).withHostName(name()).withAliases(name());
        Objects.requireNonNull(command.getHostConfig())
                .withCapAdd(Capability.NET_ADMIN, Capability.NET_RAW)
                .withBinds(new Bind(diskFolder.toString(), new Volume("/base"), AccessMode.ro))
                .withNetworkMode(run.network());
    }
}
