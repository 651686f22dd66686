package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The agent as a service: what it may do, what it says of itself, and what happens when it hangs. */
@EndToEnd
class AgentServiceE2E {

    private static final String AGENT = "unitsmith-agent.service";

    /** As `systemd-analyze security` counts, from 0 (nothing is possible) to 10. */
    private static final double EXPOSURE = 5.0;

    /** MemoryMax is 256 MiB; what is beyond this has grown without anybody having meant it. */
    private static final int RESIDENT_MEBIBYTES = 160;

    private final ContainerHost host;
    private final Tenant tenant;

    AgentServiceE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "service", "service-ann");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void itSeesTheHostsMountsAsTheyAre() {
        assertThat(host.exec("readlink", "/proc/" + agentPid() + "/ns/mnt").output())
                .as("its mount namespace")
                .isEqualTo(host.exec("readlink", "/proc/1/ns/mnt").output());
    }

    @Test
    void itCanDoLittleBesidesItsJob() {
        String report =
                host.exec("systemd-analyze", "security", "--no-pager", AGENT).output();
        Matcher level = Pattern.compile("Overall exposure level for " + Pattern.quote(AGENT) + ": ([0-9.]+)")
                .matcher(report);
        assertThat(level.find()).as(report).isTrue();
        assertThat(Double.parseDouble(level.group(1))).as(report).isLessThan(EXPOSURE);
        assertThat(host.exec("awk", "/^(NoNewPrivs|Seccomp):/{print $2}", "/proc/" + agentPid() + "/status")
                        .output()
                        .lines())
                .as("NoNewPrivs and Seccomp, as the kernel has them")
                .containsExactly("1", "2");
    }

    @Test
    void itNeedsFarLessMemoryThanItMayHave() {
        tenant.pool("pool", "service-ann").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                """).awaitReady();
        String peak = host.exec("awk", "/^VmHWM:/{print int($2 / 1024)}", "/proc/" + agentPid() + "/status")
                .output();
        System.out.println("peak of the agent's resident memory: " + peak + " MiB");
        assertThat(Integer.parseInt(peak)).isLessThan(RESIDENT_MEBIBYTES);
    }

    @Test
    void itSaysHowItFares() {
        until(
                "the agent's status is a line on its workloads",
                Duration.ofSeconds(30),
                () -> property("StatusText").matches("\\d+ workloads?"),
                () -> property("StatusText"));
        assertThat(property("Type")).isEqualTo("notify");
    }

    @Test
    void anAgentThatHangsIsStartedAgain() {
        String dropIn = "/etc/systemd/system/unitsmith-agent.service.d/watchdog.conf";
        host.execWithInput("[Service]\nWatchdogSec=5s\n", "install", "-D", "/dev/stdin", dropIn)
                .output();
        try {
            host.sh("systemctl daemon-reload && systemctl restart unitsmith-agent")
                    .output();
            int hanging = agentPid();
            host.exec("kill", "-STOP", Integer.toString(hanging)).output();
            until(
                    "systemd has started another agent",
                    Duration.ofSeconds(60),
                    () -> host.exec("systemctl", "is-active", AGENT).succeeded()
                            && !property("MainPID").equals(Integer.toString(hanging)),
                    () -> host.journal(AGENT));
            assertThat(host.journal(AGENT)).contains("Watchdog timeout").contains("Full thread dump");
        } finally {
            host.sh("rm " + dropIn + " && systemctl daemon-reload && systemctl restart unitsmith-agent");
        }
        assertThat(property("WatchdogUSec"))
                .as("control: the package's own again")
                .isEqualTo("1min");
        tenant.pool("next", "service-ann").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.2"
                """).awaitReady();
    }

    private int agentPid() {
        until(
                "the agent runs",
                Duration.ofSeconds(60),
                () -> host.exec("systemctl", "is-active", AGENT).succeeded(),
                () -> host.journal(AGENT));
        return Integer.parseInt(property("MainPID"));
    }

    private String property(String name) {
        return host.exec("systemctl", "show", "--value", "--property=" + name, AGENT)
                .output();
    }
}
