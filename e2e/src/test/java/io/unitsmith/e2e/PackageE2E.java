package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The agent's package comes and goes; what it has made stays. */
@EndToEnd
class PackageE2E {

    private static final String PACKAGE = "/var/tmp/unitsmith-agent.deb";
    private static final String PATH = "/srv/packages/data";

    private final Testbed bed;
    private final Tenant tenant;
    private final ContainerHost host;
    private final FileServer files;
    private final Pool pool;

    PackageE2E(Testbed bed) {
        this.bed = bed;
        this.tenant = Tenant.create(bed, "packages", "packages-ann");
        this.files = FileServer.start(bed.run());
        this.host = bed.addHost("packaged", "trixie");
        Tenant.addUser(host, "packages-ann");
        tenant.secret("key", files.credentials());
        this.pool = tenant.pool("pool", "packages-ann");
        apply("first").awaitReady();
        tenant.mount("data").apply("""
                  hostNames: [packaged]
                  type: sshfs
                  source: %s
                  path: %s
                  automount: {idleTimeout: 1h}
                  credentials: {secretRef: {name: key}}
                """.formatted(FileServer.SOURCE, PATH)).awaitReady();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        bed.removeHost(host);
        files.close();
    }

    private Pool apply(String round) {
        return pool.apply("""
                  hostNames: [packaged]
                  phpVersion: "8.4"
                  env: {ROUND: %s}
                """.formatted(round));
    }

    @Test
    void aPoolOutlivesThePackageAndIsTakenUpAgainByItsReturn() {
        Result status = host.exec("unitsmith", "status");
        assertThat(status.stdout()).as("%s", status).contains("packages", "pool");

        try (Load load = Load.on(host, pool)) {
            removePackage();
            host.exec("systemctl", "stop", pool.service()).output();
            assertServes();
            host.exec("systemctl", "daemon-reload").output();
            assertServes();

            install(PACKAGE);
            apply("return").awaitReady();
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
        }
    }

    @Test
    void anUpgradeRestartsNoPoolAndUnmountsNothing() {
        assertServes();
        int master = pool.masterPid(host);
        String mounted = Mount.mountinfo(host, PATH);
        assertThat(mounted).as("control: it is mounted").contains("fuse.sshfs");
        String agent = agentPid();

        host.sh("""
                cd /var/tmp && rm -rf next && dpkg-deb --raw-extract %s next
                sed -i 's/^Version: .*/&+next/' next/DEBIAN/control
                dpkg-deb -Znone --build next next.deb && rm -rf next
                """.formatted(PACKAGE)).output();
        install("/var/tmp/next.deb");
        try {
            assertThat(host.sh("dpkg-query --show --showformat='${Version} ${db:Status-Status}' unitsmith-agent")
                            .output())
                    .as("control: another version is installed")
                    .endsWith("+next installed");
            until(
                    "the new agent runs",
                    Duration.ofSeconds(60),
                    () -> host.exec("systemctl", "is-active", "unitsmith-agent").succeeded()
                            && !agentPid().equals(agent),
                    () -> host.journal("unitsmith-agent"));
            assertThat(pool.masterPid(host)).as("the pool's master").isEqualTo(master);
            assertThat(Mount.mountinfo(host, PATH))
                    .as("the mount, its id included")
                    .isEqualTo(mounted);
            apply("next").awaitReady();
            assertThat(pool.masterPid(host))
                    .as("the pool's master, reloaded by the new agent")
                    .isEqualTo(master);
        } finally {
            host.sh("DEBIAN_FRONTEND=noninteractive apt-get install --yes --allow-downgrades " + PACKAGE);
        }
    }

    @Test
    void withoutThePackageAHostServesAcrossAReboot() {
        assertServes();
        removePackage();
        try {
            assertServes();
            host.stop();
            host.start();
            assertServes();
            assertThat(Mount.mountinfo(host, PATH)).contains("fuse.sshfs");
        } finally {
            install(PACKAGE);
        }
        apply("rebooted").awaitReady();
        assertServes();
    }

    private void removePackage() {
        host.exec("apt-get", "remove", "--yes", "unitsmith-agent").output();
        assertThat(host.exec("sh", "-c", "command -v unitsmith").succeeded())
                .as("control: the package is gone")
                .isFalse();
    }

    private void install(String deb) {
        host.sh("DEBIAN_FRONTEND=noninteractive apt-get install --yes " + deb).output();
    }

    private String agentPid() {
        return pool.property(host, "unitsmith-agent.service", "MainPID");
    }

    private void assertServes() {
        assertThat(pool.visit(host)).startsWith("hello from packages-ann");
        assertThat(host.exec("cat", PATH + "/hello.txt").output()).isEqualTo("this file is on the file server");
    }
}
