package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.unitsmith.api.v1alpha1.Hardening.Profile;
import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.NeedsTheCluster;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pools on the oldest system that is supported, systemd 252 with PHP 8.2, hold what they hold on the newest. */
@EndToEnd
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@BesideTheOthers
@NeedsTheCluster
class BookwormE2E {

    private static final String VERSION = "8.2";
    private static final String USER = "oldest-ann";
    private static final String SLICE = "unitsmith-fpm-oldest\\x2dann.slice";
    private static final String LOGGER = "oldest-ben";
    private static final String IDLER = "oldest-cat";
    private static final String HAS_ALL = "oldest-fay";

    /** Says that it is a PHP-FPM 8.1. */
    private static final String OLD = """
            #!/bin/sh
            if [ "$1" = -v ]; then echo 'PHP 8.1.0 (fpm-fcgi)'; exit; fi
            exec /usr/sbin/php-fpm8.2 "$@"
            """;

    private static final int LAST = Integer.MAX_VALUE;

    private final Testbed bed;
    private final ContainerHost host;
    private final HostState joined;
    private final Tenant tenant;
    private final FileServer files;
    private final Pool idle;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private CompletableFuture<Integer> looks;

    BookwormE2E(Testbed bed) {
        this.bed = bed;
        this.host = join(bed);
        this.joined = HostState.of(host);
        this.tenant = Tenant.create(bed, List.of(host), "oldest", USER, LOGGER, IDLER, HAS_ALL);
        host.sh("groupadd -f oldest-group; groupadd -f oldest-web; install -d -o %s /srv/oldest".formatted(HAS_ALL))
                .output();
        allow("512Mi");
        this.files = FileServer.start(bed.run(), "oldest-files");
        this.idle = tenant.pool("idle", IDLER);
    }

    private static ContainerHost join(Testbed bed) {
        ContainerHost host = ContainerHost.standalone(bed.run(), "oldest", "bookworm");
        if (host.exec("unitsmith", "version").stderr().contains("GLIBC_")) {
            host.remove();
            abort("a runtime from a distribution's own JDK needs that distribution's C library");
        }
        return bed.addHost(host.name(), "bookworm");
    }

    private void allow(String memoryPerUser) {
        tenant.allow("""
                  users: [%s]
                  groups: [oldest-group]
                  socketGroups: [www-data, oldest-web]
                  paths: [/home, /srv]
                  mountTypes: [sshfs]
                  mountSources: ["*"]
                  hardeningProfiles: [none, standard, strict]
                  maximum: {perUser: {memoryMax: %s}}
                """.formatted(String.join(", ", USER, LOGGER, IDLER, HAS_ALL), memoryPerUser));
    }

    @BeforeAll
    void oneBeginsToBeIdle() {
        apply(idle, """
                idle: {timeout: 30s}
                  processManager: {type: ondemand, idleTimeout: 1s}
                  monitoring: {statusPath: /status}""").awaitReady().visit(host);
        assertThat(new Inside(host, idle).settings()).contains("pm = ondemand", "pm.process_idle_timeout = 1");
        assertThat(idle.look(host, "www-data").output()).contains("pool:                 oldest.idle");
        looks = CompletableFuture.supplyAsync(this::lookUntilItIsStopped, clients);
    }

    private int lookUntilItIsStopped() {
        int count = 0;
        while (!new IdleStops(host, idle).any()) {
            idle.look(host, "www-data");
            count++;
        }
        return count;
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        files.close();
        bed.removeHost(host);
        clients.close();
    }

    private static Pool apply(Pool pool, String more) {
        return pool.apply("""
                  hostNames: [oldest]
                  phpVersion: "%s"
                  %s
                """.formatted(VERSION, more));
    }

    @Test
    void theOnePackageIsForThisSystemToo() {
        assertThat(host.sh(". /etc/os-release; echo $VERSION_CODENAME").output())
                .isEqualTo("bookworm");
        assertThat(bed.cluster()
                        .kubectl("get", "hosts.unitsmith.io", "oldest", "--no-headers")
                        .output())
                .matches("oldest +True +0\\.1\\.0 +252 +8\\.2\\S* .*");
    }

    @Test
    void everyFieldInOneSpecTakesEffect() {
        tenant.script(HAS_ALL, "fields.php", Resource.text("fields.php"));
        tenant.secret("variables", Map.of("TOKEN", "a `token`,\nof two \"lines\""));
        tenant.secret("key", files.credentials());
        Mount mount = tenant.mount("files").apply("""
                  hostNames: [oldest]
                  type: sshfs
                  source: files@oldest-files:/srv/uploads
                  path: /srv/oldest/files
                  credentials: {secretRef: {name: key}}
                """);
        EveryField pool = new EveryField(host, tenant.pool("every-field", HAS_ALL));
        mount.awaitReady();
        pool.checkSocket();
        pool.checkWhatPhpSees("a `token`,\nof two \"lines\"");
        pool.checkSettings();
        pool.checkService();
        pool.checkPages();
        pool.checkScripts();
    }

    @Test
    void aMountThatAPoolRequiresIsMountedAtTheFirstAccess() {
        tenant.secret("key", files.credentials());
        Pool pool = apply(tenant.pool("mounted", USER), "requiresMounts: [lazy]");
        assertThat(pool.awaitProblem("MountUnavailable").message()).contains("spec.requiresMounts[0]");
        tenant.mount("lazy").apply("""
                  hostNames: [oldest]
                  type: sshfs
                  source: files@oldest-files:/srv/uploads
                  path: /srv/lazy
                  credentials: {secretRef: {name: key}}
                """);
        pool.awaitReady().visit(host);
        assertThat(Mount.mountinfo(host, "/srv/lazy"))
                .as("while PHP runs, and reads nothing there")
                .contains("autofs")
                .doesNotContain("fuse.sshfs");
        tenant.script(USER, "read.php", "<?php echo file_get_contents('/srv/lazy/hello.txt');");
        assertThat(pool.visit(host, "read.php")).isEqualTo("this file is on the file server");
    }

    @Test
    void editsRestartsAndARotatedSecretLoseNoRequest() {
        Pool pool = tenant.pool("busy", USER);
        try (BusyPool busy = BusyPool.start(host, pool, VERSION, 3, 500)) {
            int master = pool.masterPid(host);
            busy.edit();
            assertThat(pool.masterPid(host)).as("the master, after a reload").isEqualTo(master);
            busy.replaceMaster();
            busy.rotateSecret();
            busy.edit();
            assertThat(pool.masterPid(host)).as("the master, after restarts").isNotEqualTo(master);
            Load.Outcome outcome = busy.stop();
            assertThat(outcome.requests()).isGreaterThan(500);
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSandboxForbidsWhatItSaysAndBreaksNothingElse(Profile profile) {
        try (Sandbox sandbox = new Sandbox(host, tenant.pool("sandboxed", USER), VERSION)) {
            sandbox.check(profile);
        }
    }

    @Test
    void everythingIsLoggedAndRotatingLosesNothing() {
        new PoolLog(host, tenant.pool("logs", LOGGER)).checkWhatIsLogged(VERSION);
        new PoolLog(host, tenant.pool("rotated", LOGGER)).checkRotations(VERSION, 2);
    }

    @Test
    void allPoolsOfAUserShareItsSliceAndItsLimits() {
        Pool pool = apply(tenant.pool("sliced", USER), "").awaitReady();
        pool.visit(host);
        assertThat(pool.property(host, pool.service(), "Slice")).isEqualTo(SLICE);
        assertThat(pool.property(host, pool.service(), "ControlGroup"))
                .startsWith(pool.property(host, SLICE, "ControlGroup") + "/");
        assertThat(pool.property(host, SLICE, "MemoryMax")).isEqualTo("536870912");
        int master = pool.masterPid(host);
        allow("256Mi");
        until(
                "the slice has the policy's limit",
                Duration.ofSeconds(30),
                () -> pool.property(host, SLICE, "MemoryMax").equals("268435456"),
                () -> host.exec("systemctl", "cat", SLICE).toString());
        assertThat(pool.masterPid(host)).as("the master, to which it came").isEqualTo(master);
    }

    @Test
    void aBadEditLeavesTheOldWorkersServing() {
        Pool pool = apply(tenant.pool("edited", USER), "").awaitReady();
        try (Load load = Load.on(host, pool)) {
            int master = pool.masterPid(host);
            HostState before = HostState.of(host).about("edited");
            apply(pool, "chdir: /home/oldest-ann/absent");
            assertThat(pool.awaitProblem("DirectoryNotFound").message())
                    .contains("spec.chdir", "/home/oldest-ann/absent");
            assertThat(HostState.of(host).about("edited").changesSince(before)).isEmpty();
            assertThat(pool.masterPid(host)).isEqualTo(master);
            Load.Outcome outcome = load.stop();
            assertThat(outcome.lost()).as("lost requests: %s", outcome).isEmpty();
        }
    }

    @Test
    void whatAPhpDoesNotKnowIsRefusedWithTheVersionThatDoes() {
        host.execWithInput(OLD, "install", "-D", "/dev/stdin", "/opt/php/old/sbin/php-fpm")
                .output();
        Pool pool = tenant.pool("old", USER);
        String spec = "  hostNames: [oldest]\n  phpVersion: \"8.1\"\n";
        pool.apply(spec + "  accessLog: {enabled: true, suppressPaths: [/quiet]}\n");
        assertThat(pool.awaitProblem("Invalid").message())
                .contains("spec.accessLog.suppressPaths", "needs PHP 8.2 or newer");
        assertThat(host.exec("ls", pool.socket()).succeeded()).isFalse();
        pool.apply(spec + "  accessLog: {enabled: true}\n").awaitReady();
    }

    @Test
    @Order(LAST - 1)
    void anIdleMasterIsStoppedWhoeverLooksAndTheNextRequestStartsIt() {
        new IdleStops(host, idle).await();
        assertThat(looks.join()).as("looks at its status until then").isGreaterThan(20);
        assertThat(idle.processes(host)).isEmpty();
        assertThat(idle.look(host, "www-data").succeeded())
                .as("nobody is there to ask")
                .isFalse();
        assertThat(idle.property(host, idle.service(), "ActiveState")).isEqualTo("inactive");
        assertThat(idle.visit(host)).startsWith("hello from oldest-cat on PHP 8.2.");
    }

    @Test
    @Order(LAST)
    void deletionLeavesTheHostAsItWas() {
        assertThat(HostState.of(host).changesSince(joined))
                .as("control: there is something to take away")
                .anyMatch(line -> line.contains("oldest.idle"));
        tenant.deleteWorkloads();
        assertThat(HostState.of(host).changesSince(joined)).isEmpty();
    }
}
