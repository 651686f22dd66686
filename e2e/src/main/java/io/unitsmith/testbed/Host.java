package io.unitsmith.testbed;

import java.nio.file.Path;
import java.time.Duration;

/** A bare-metal host as far as its programs can tell: systemd is its first process. */
public abstract sealed class Host extends Container permits ContainerHost, Machine {

    private static final String PACKAGE = "/var/tmp/unitsmith-agent.deb";

    private final String name;

    Host(Run run, String name) {
        super(run.container(name));
        this.name = name;
    }

    /** The name of its Host object, and its name on the network. */
    public final String name() {
        return name;
    }

    /** Returns once systemd has started everything. */
    @Override
    public final void start() {
        super.start();
        awaitSystemd();
    }

    public final String journal(String unit) {
        return exec("journalctl", "--no-pager", "--output", "short-iso", "--unit", unit)
                .output();
    }

    /** Whether it had not been installed in that very build. */
    final boolean installAgent(Path agentPackage) {
        String digest = Repository.digest(agentPackage);
        if (sh("cat " + PACKAGE + ".installed").stdout().equals(digest)) {
            return false;
        }
        copyTo(agentPackage, PACKAGE);
        exec(
                        "env",
                        "DEBIAN_FRONTEND=noninteractive",
                        "apt-get",
                        "install",
                        "--yes",
                        "--quiet",
                        "--reinstall",
                        "--no-install-recommends",
                        PACKAGE)
                .output();
        execWithInput(digest, "tee", PACKAGE + ".installed").output();
        return true;
    }

    /** As an admin does it, but not by ssh. */
    final void join(String kubeconfig) {
        execWithInput(kubeconfig, "unitsmith", "join", "--file", "-").output();
    }

    final void awaitSystemd() {
        Waiting.until(
                "systemd of " + name + " is up",
                Duration.ofMinutes(2),
                () -> {
                    String state =
                            exec("systemctl", "is-system-running").stdout().strip();
                    return state.equals("running") || state.equals("degraded");
                },
                () -> exec("systemctl", "list-jobs", "--no-pager") + "\n"
                        + Docker.run("logs", "--tail", "30", containerName()));
    }
}
