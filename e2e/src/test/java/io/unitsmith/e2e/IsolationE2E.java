package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.usage.MetricsFile;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Promise 3: one tenant's PHP cannot reach another tenant's socket, files or secrets. */
@EndToEnd
class IsolationE2E {

    private final ContainerHost host;
    private final Tenant tenant;
    private final Pool attacker;
    private final Pool victim;

    IsolationE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "isolation", "isolation-mallory", "isolation-bob");
        this.attacker = pool("attacker", "isolation-mallory");
        this.victim = pool("victim", "isolation-bob");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
    }

    @Test
    void phpOfOneUserCannotConnectToTheSocketOfAnother() {
        // T1: whoever can connect runs code as the other
        String attack = "<?php echo @stream_socket_client('unix://%s', $code, $error) ? 'connected' : $error;";
        assertThat(victim.visit(host)).startsWith("hello from isolation-bob");
        assertThat(attack(attack.formatted(victim.socket()))).isEqualTo("Permission denied");
        // and not even to its own: requests come from the web server
        assertThat(attack(attack.formatted(attacker.socket()))).isEqualTo("Permission denied");
    }

    @Test
    void phpOfOneUserCannotReadTheConfigurationOfAnother() {
        String read = "<?php echo file_get_contents('%s') === false ? error_get_last()['message'] : 'read';";
        assertThat(attack(read.formatted(victim.config()))).contains("Permission denied");
        assertThat(attack(read.formatted(attacker.config())))
                .as("control: its own can be read, so the test above can fail")
                .isEqualTo("read");
        assertThat(attack("<?php echo shell_exec('find /etc/unitsmith /var/lib/unitsmith /run/unitsmith"
                                + " -type f -readable 2>/dev/null');")
                        .lines())
                .as("all files of Unitsmith that PHP of this user can read")
                .containsExactlyInAnyOrder(attacker.config(), "/etc/unitsmith/agent.yaml", MetricsFile.PATH);
    }

    @Test
    void phpOfOneUserDoesNotSeeTheHomeAndTheTemporaryFilesOfAnother() {
        host.sh("echo secret >/home/isolation-bob/readable; chmod 0755 /home/isolation-bob; echo secret >/tmp/readable")
                .output();
        assertThat(attack("<?php echo implode(' ', array_diff(scandir('/home'), ['.', '..']));"))
                .as("homes that it sees")
                .isEqualTo("isolation-mallory");
        assertThat(attack("<?php echo @file_get_contents('/tmp/readable') ?: 'nothing';"))
                .as("what it sees in /tmp")
                .isEqualTo("nothing");
    }

    @Test
    void phpRunsWithItsUsersOwnGroupAlone() {
        assertThat(attack("<?php echo posix_getegid() === posix_getpwuid(posix_geteuid())['gid'] ? 'own' : 'other',"
                        + " ' ', implode(',', array_diff(posix_getgroups(), [posix_getegid()]));"))
                .isEqualTo("own");
    }

    @Test
    void whatPhpLeavesBehindDoesNotOutliveTheMaster() {
        // T27: a child of a worker holds the listening socket
        assertThat(attack("<?php exec('sleep 271 >/dev/null 2>&1 &'); echo 'started';"))
                .isEqualTo("started");
        assertThat(host.exec("pgrep", "--full", "sleep 271").succeeded())
                .as("control: it runs while the master runs")
                .isTrue();
        host.exec("systemctl", "stop", attacker.service()).output();
        assertThat(host.exec("pgrep", "--full", "--list-full", "sleep 271").stdout())
                .as("background processes after the master's stop")
                .isEmpty();
    }

    private String attack(String php) {
        tenant.script("isolation-mallory", "attack.php", php);
        // opcache looks at a file again after two seconds; a stopped master has forgotten it
        host.exec("systemctl", "stop", attacker.service()).output();
        return attacker.visit(host, "attack.php");
    }

    private Pool pool(String name, String user) {
        return tenant.pool(name, user).apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  phpFlags: {display_errors: false}
                """).awaitReady();
    }
}
