package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.Host;
import io.unitsmith.api.v1alpha1.HostAssignment;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.DisturbsTheCluster;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host whose cluster, or whose credential, is gone: it serves, enforces, and is found again as it was. */
@EndToEnd
@DisturbsTheCluster
class OfflineE2E {

    private static final String NAMESPACE = "unitsmith-host-offline";

    private final Testbed bed;
    private final ContainerHost host;
    private final Tenant tenant;
    private final FileServer files;
    private final Pool pool;

    OfflineE2E(Testbed bed) {
        this.bed = bed;
        this.tenant = Tenant.create(bed, "offline", "offline-ann");
        this.files = FileServer.start(bed.run());
        this.host = bed.addHost("offline", "trixie");
        Tenant.addUser(host, "offline-ann");
        tenant.secret("key", files.credentials());
        this.pool = tenant.pool("pool", "offline-ann").apply("""
                  hostNames: [offline]
                  phpVersion: "8.4"
                """).awaitReady();
        tenant.mount("data").apply("""
                  hostNames: [offline]
                  type: sshfs
                  source: %s
                  path: /srv/offline/data
                  credentials: {secretRef: {name: key}}
                """.formatted(FileServer.SOURCE)).awaitReady();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        bed.removeHost(host);
        files.close();
    }

    @Test
    @Timeout(400)
    void aHostThatBootsWithoutItsClusterServesAndEnforcesAndIsFoundAgainAsItWas() {
        assertServes();
        awaitStatusOf("data", "Mounted");
        String config = pool.config();
        String version = bed.client()
                .resources(HostAssignment.class)
                .inNamespace(NAMESPACE)
                .list()
                .getMetadata()
                .getResourceVersion();

        bed.cluster().container().pause();
        try {
            host.stop();
            host.start();
            assertServes();
            host.sh("systemctl stop '%s' '%s' && rm '%s'".formatted(pool.socketUnit(), pool.service(), config))
                    .output();
            until(
                    "what was damaged is mended without the cluster",
                    Duration.ofSeconds(60),
                    () -> pool.property(host, pool.socketUnit(), "ActiveState").equals("active")
                            && host.exec("ls", config).succeeded(),
                    () -> host.journal("unitsmith-agent"));
            assertServes();
        } finally {
            bed.cluster().container().unpause();
        }
        HostState back = stateAtRest();
        List<String> writes = writesSince(version, () -> {
            pool.awaitReady();
            letTheAgentBeHeardTwice();
        });
        System.out.println("what the cluster was told of two workloads after the return: " + writes);
        assertThat(writes).as("events of the two assignments").hasSizeLessThanOrEqualTo(6);
        assertThat(writes).noneMatch(write -> write.startsWith("DELETED"));
        assertServes();
        assertThat(stateAtRest().changesSince(back))
                .as("changes on the host by the return")
                .isEmpty();
    }

    @Test
    void aHostWhoseCredentialIsRefusedServesOnAndANewJoinChangesNothingOnIt() {
        assertServes();
        int master = pool.masterPid(host);
        HostState before = stateAtRest();
        bed.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName("unitsmith-agent-credential")
                .delete();
        until(
                "the agent says that its credential is refused",
                Duration.ofSeconds(60),
                () -> agentStatus()
                        .contains("the cluster does not accept the agent's token any more: join this host again"),
                this::agentStatus);
        assertServes();
        until(
                "the Host says that it has to join",
                Duration.ofSeconds(90),
                () -> "NotJoined".equals(hostReason()),
                () -> "" + hostReason());
        host.exec("systemctl", "stop", pool.socketUnit(), pool.service()).output();
        until(
                "the agent enforces without a credential",
                Duration.ofSeconds(30),
                () -> pool.property(host, pool.socketUnit(), "ActiveState").equals("active"),
                () -> host.journal("unitsmith-agent"));
        assertServes();
        int restarted = pool.masterPid(host);
        assertThat(restarted).as("control: it was stopped").isNotEqualTo(master);

        until(
                "the join is open",
                Duration.ofSeconds(60),
                () -> Testbed.joinKubeconfig(bed.cluster(), "offline").isPresent(),
                () -> "it is not");
        host.execWithInput(
                        Testbed.joinKubeconfig(bed.cluster(), "offline").orElseThrow(),
                        "unitsmith",
                        "join",
                        "--file",
                        "-")
                .output();
        until("the host is ready", Duration.ofSeconds(60), () -> "Ready".equals(hostReason()), () -> "" + hostReason());
        pool.awaitReady();
        assertThat(pool.masterPid(host)).as("the pool's master").isEqualTo(restarted);
        assertThat(stateAtRest().changesSince(before)).as("changes on the host").isEmpty();
        assertServes();
    }

    /** Without what is there while a check runs. */
    private HostState stateAtRest() {
        HostState[] state = new HostState[1];
        until(
                "no check runs",
                Duration.ofSeconds(30),
                () -> {
                    state[0] = HostState.of(host);
                    return state[0].lines().stream().noneMatch(line -> line.contains("unitsmith/check"));
                },
                () -> host.journal("unitsmith-agent"));
        return state[0];
    }

    private void assertServes() {
        until(
                "the pool answers through the web server",
                Duration.ofSeconds(30),
                () -> host.exec(
                                "curl",
                                "--silent",
                                "http://localhost/~offline-ann/%s/index.php".formatted(pool.instance()))
                        .stdout()
                        .startsWith("hello from offline-ann"),
                () -> host.exec("systemctl", "status", pool.socketUnit(), pool.service())
                        .toString());
        assertThat(host.exec("cat", "/srv/offline/data/hello.txt").output())
                .isEqualTo("this file is on the file server");
    }

    private void awaitStatusOf(String mount, String state) {
        until(
                mount + " is reported as " + state,
                Duration.ofSeconds(30),
                () -> bed.cluster()
                        .kubectl("get", "hostassignments", "--namespace", NAMESPACE, "--output", "yaml")
                        .stdout()
                        .contains("state: " + state),
                () -> tenant.kubectl("get remotemount --output yaml " + mount).toString());
    }

    /** What has been written to the host's assignments since then; `kind name` each. */
    private List<String> writesSince(String version, Runnable until) {
        List<String> writes = Collections.synchronizedList(new ArrayList<>());
        Watch watch = bed.client()
                .resources(HostAssignment.class)
                .inNamespace(NAMESPACE)
                .watch(new ListOptionsBuilder().withResourceVersion(version).build(), new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, HostAssignment assignment) {
                        writes.add(action + " " + assignment.getMetadata().getName());
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        writes.add("ERROR " + cause);
                    }
                });
        try {
            until.run();
        } finally {
            watch.close();
        }
        return List.copyOf(writes);
    }

    private void letTheAgentBeHeardTwice() {
        for (int beat = 0; beat < 2; beat++) {
            String last = renewTime();
            until(
                    "the agent is heard",
                    Duration.ofSeconds(60),
                    () -> !renewTime().equals(last),
                    () -> host.journal("unitsmith-agent"));
        }
    }

    private String renewTime() {
        return String.valueOf(bed.client()
                .leases()
                .inNamespace(NAMESPACE)
                .withName("unitsmith-agent")
                .get()
                .getSpec()
                .getRenewTime());
    }

    private String agentStatus() {
        return host.exec("systemctl", "show", "--value", "--property=StatusText", "unitsmith-agent")
                .output();
    }

    private String hostReason() {
        Host found = bed.client().resources(Host.class).withName("offline").get();
        return Optional.ofNullable(found.getStatus())
                .map(status -> Conditions.find(status.conditions(), Condition.READY))
                .map(Condition::reason)
                .orElse(null);
    }
}
