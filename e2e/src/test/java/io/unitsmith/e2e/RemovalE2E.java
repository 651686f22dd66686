package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostAgent;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 8: deleting a workload leaves the host as it was before. On a host of its own, which has never had one. */
@EndToEnd
class RemovalE2E {

    private final Testbed bed;
    private final Tenant tenant;
    private final FileServer files;
    private final ContainerHost host;
    private final HostState before;

    RemovalE2E(Testbed bed) {
        this.bed = bed;
        this.tenant = Tenant.create(bed, "removals", "removals-ann", "removals-ben");
        this.files = FileServer.start(bed.run());
        tenant.secret("key", files.credentials());
        this.host = bed.addHost("pristine", "trixie");
        Tenant.addUser(host, "removals-ann");
        Tenant.addUser(host, "removals-ben");
        this.before = HostState.of(host);
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        files.close();
        bed.removeHost(host);
    }

    @Test
    void deletingEveryWorkloadLeavesTheHostAsItWas() {
        Pool ann = pool("ann", "removals-ann", "").awaitReady();
        Pool ben = pool("ben", "removals-ben", "  processManager: {type: static}\n")
                .awaitReady();
        mount("data", "/srv/removals/data").awaitReady();
        ann.visit(host);
        ben.visit(host);
        host.exec("cat", "/srv/removals/data/hello.txt").output();
        pool("ann", "removals-ann", "  env: {EDITED: \"yes\"}\n").awaitReady();
        assertThat(HostState.of(host).changesSince(before))
                .as("control: there is something to take away")
                .anyMatch(line -> line.contains(ann.instance()))
                .anyMatch(line -> line.contains("srv-removals-data.mount"));

        tenant.deleteWorkloads();
        assertUntouched();
        assertThat(ben.processes(host)).as("processes of a pool that is gone").isEmpty();
        assertThat(Mount.mountinfo(host, "/srv/removals/data")).isEmpty();
    }

    @ParameterizedTest(name = "with automount: {0}")
    @ValueSource(booleans = {true, false})
    void aMountThatIsInUseIsNotTornDown(boolean automount) {
        Mount mount = mount("busy", "/srv/removals/busy", "  automount: {enabled: %s}\n".formatted(automount))
                .awaitReady();
        // not by systemd-run, which would stop it for the sake of the mount
        String user = host.sh("cd /srv/removals/busy && sleep 300 >/dev/null 2>&1 & echo $!")
                .output();
        until(
                "somebody is in the mount",
                Duration.ofSeconds(10),
                () -> Mount.mountinfo(host, "/srv/removals/busy").contains("fuse.sshfs"),
                () -> host.exec("ps", "-ef").toString());
        tenant.kubectl("delete remotemount busy --wait=false").output();
        assertThat(mount.awaitProblem("MountBusy").host()).isEqualTo("pristine");
        assertThat(host.exec("cat", "/srv/removals/busy/hello.txt").succeeded())
                .as("the mount still works")
                .isTrue();
        assertThat(host.exec("ls", "/etc/systemd/system/srv-removals-busy.mount")
                        .succeeded())
                .as("its unit is still there")
                .isTrue();

        host.exec("kill", user).output();
        tenant.deleteWorkloads();
        assertUntouched();
        assertThat(host.sh("touch /srv/removals/busy/file && rm -r /srv/removals/busy"))
                .as("a write into the folder that was protected")
                .matches(Result::succeeded);
    }

    @Test
    void aHostThatIsAwayHoldsNoDeletionUpAndIsCleanedWhenItReturns() {
        Pool pool = pool("late", "removals-ann", "").awaitReady();
        host.kill();
        try {
            tenant.kubectl("delete phpfpmpool late --wait=false").output();
            until(
                    "the deletion is done without the host",
                    Duration.ofSeconds(90),
                    () -> pool.get() == null,
                    () -> tenant.kubectl("get phpfpmpool late --output yaml").stdout());
        } finally {
            host.start();
        }
        until(
                "the host's residue is gone",
                Duration.ofSeconds(60),
                () -> HostState.of(host).changesSince(before).isEmpty()
                        && objects().isEmpty(),
                () -> HostState.of(host).changesSince(before) + "\n" + objects() + "\n"
                        + host.journal("unitsmith-agent"));
    }

    @Test
    void aHostWhoseLedgerIsDamagedServesOnAndIsCleanedAllTheSame() {
        String path = "/srv/removals/lost";
        Pool pool = pool("lost", "removals-ann", "").awaitReady();
        mount("lost", path).awaitReady();
        pool.visit(host);
        host.exec("cat", path + "/hello.txt").output();
        int master = pool.masterPid(host);
        String mounted = Mount.mountinfo(host, path);
        assertThat(mounted).as("control: it is mounted").contains("fuse.sshfs");

        host.exec("truncate", "--size", "300", "/var/lib/unitsmith/ledger.json").output();
        host.exec("systemctl", "restart", "unitsmith-agent").output();
        until(
                "the agent says that the ledger was rebuilt",
                Duration.ofSeconds(60),
                () -> ready().message().contains("it was rebuilt"),
                () -> ready() + "\n" + host.journal("unitsmith-agent"));
        assertThat(ready().message()).contains("2 workloads");
        until(
                "the ledger has the revisions again",
                Duration.ofSeconds(30),
                () -> host.exec("grep", "--count", "\"revision\" : \"", "/var/lib/unitsmith/ledger.json")
                        .stdout()
                        .strip()
                        .equals("2"),
                () -> host.exec("cat", "/var/lib/unitsmith/ledger.json").toString());
        assertThat(host.exec("stat", "--format", "%s", "/var/lib/unitsmith/ledger.json.corrupt")
                        .output())
                .isEqualTo("300");
        assertThat(pool.masterPid(host)).as("the master").isEqualTo(master);
        assertThat(Mount.mountinfo(host, path)).isEqualTo(mounted);

        tenant.deleteWorkloads();
        assertUntouched();
    }

    @Test
    void unitsOfTheAdminComeBackWhenTheMountThatTookThemOverGoes() {
        String path = "/srv/removals/old";
        host.sh("""
                printf '[Mount]\\nWhat=tmpfs\\nWhere=%s\\nType=tmpfs\\n[Install]\\nWantedBy=remote-fs.target\\n' \
                    > /etc/systemd/system/srv-removals-old.mount
                chmod 640 /etc/systemd/system/srv-removals-old.mount
                systemctl daemon-reload
                systemctl enable --now srv-removals-old.mount""".formatted(path)).output();
        try {
            HostState admins = HostState.of(host);
            Mount mount = mount("old", path);
            assertThat(mount.awaitProblem("Conflict").message()).contains("adoptExisting");
            assertThat(HostState.of(host).changesSince(admins)).isEmpty();

            mount("old", path, "  adoptExisting: true\n").awaitReady();
            assertThat(host.exec("cat", path + "/hello.txt").succeeded())
                    .as("the server's files are there")
                    .isTrue();

            tenant.deleteWorkloads();
            assertThat(HostState.of(host).changesSince(admins)).isEmpty();
            assertThat(Mount.mountinfo(host, path)).contains("tmpfs");
        } finally {
            host.sh("""
                    systemctl disable --now srv-removals-old.mount
                    rm -f /etc/systemd/system/srv-removals-old.mount
                    systemctl daemon-reload""");
        }
        assertUntouched();
    }

    private Condition ready() {
        HostAgent agent = bed.client()
                .resources(HostAgent.class)
                .inNamespace(Names.hostNamespace("pristine"))
                .withName(Names.HOST_AGENT)
                .get();
        return Conditions.find(agent.getStatus().conditions(), Condition.READY);
    }

    private void assertUntouched() {
        assertThat(HostState.of(host).changesSince(before))
                .as("changes on the host since before the first apply")
                .isEmpty();
        assertThat(objects()).as("objects of workloads in the host's namespace").isEmpty();
    }

    private List<String> objects() {
        return bed.cluster()
                .kubectl(
                        "get",
                        "hostassignments,secrets",
                        "--selector",
                        "unitsmith.io/workload",
                        "--namespace",
                        "unitsmith-host-pristine",
                        "--output",
                        "name")
                .output()
                .lines()
                .toList();
    }

    private Pool pool(String name, String user, String more) {
        return tenant.pool(name, user).apply("""
                  hostNames: [pristine]
                  phpVersion: "8.4"
                """ + more);
    }

    private Mount mount(String name, String path) {
        return mount(name, path, "");
    }

    private Mount mount(String name, String path, String more) {
        return tenant.mount(name).apply("""
                  hostNames: [pristine]
                  type: sshfs
                  source: %s
                  path: %s
                  credentials: {secretRef: {name: key}}
                """.formatted(FileServer.SOURCE, path) + more);
    }
}
