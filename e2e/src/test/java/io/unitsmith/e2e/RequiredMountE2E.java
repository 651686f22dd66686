package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** requiresMounts: a pool with its mount absent, elsewhere, failing, or about to be deleted. */
@EndToEnd
class RequiredMountE2E {

    private static final String PATH = "/srv/required/files";
    private static final String USER = "required-ann";

    private final ContainerHost host;
    private final Tenant tenant;
    private final FileServer files;
    private final Pool pool;

    RequiredMountE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "required", USER);
        this.files = FileServer.start(bed.run());
        this.pool = tenant.pool("shop", USER);
    }

    @BeforeAll
    void aScriptThatReadsFromTheMount() {
        tenant.secret("key", files.credentials());
        tenant.script(USER, "read.php", "<?php echo @file_get_contents('%s/hello.txt') ?: 'nothing';".formatted(PATH));
    }

    @AfterEach
    void leaveNothing() {
        tenant.deleteWorkloads();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        files.close();
    }

    @Test
    void thePoolWaitsForItsMountOnEachHostAndTheMountForItsFirstAccess() {
        pool("web-1, web-2");
        assertThat(pool.awaitProblem("MountUnavailable").message())
                .contains("spec.requiresMounts[0]", "no RemoteMount required/files on this host");

        mount("");
        pool.await("ready on web-1 alone", it -> it.getStatus().hosts().ready() == 1);
        assertThat(pool.awaitProblem("MountUnavailable").host()).isEqualTo("web-2");

        pool("web-1");
        pool.awaitReady().visit(host);
        assertThat(Mount.mountinfo(host, PATH))
                .as("while PHP runs, and reads nothing there")
                .contains("autofs")
                .doesNotContain("fuse.sshfs");
        assertThat(pool.visit(host, "read.php")).isEqualTo("this file is on the file server");
    }

    @Test
    void aMountThatFailsIsAnErrorToThoseRequestsThatReadIt() {
        mount("");
        pool("web-1").awaitReady();
        files.host().exec("systemctl", "stop", "ssh").output();
        try {
            assertThat(pool.visit(host, "read.php")).isEqualTo("nothing");
            assertThat(pool.visit(host)).startsWith("hello from");
        } finally {
            files.host().exec("systemctl", "start", "ssh").output();
        }
        assertThat(pool.visit(host, "read.php")).isEqualTo("this file is on the file server");
    }

    @Test
    void aFixedMountThatFailsIsNoStartAndThePoolIsThereAgainWithIt() {
        Mount mount = mount("  automount: {enabled: false}\n").awaitReady();
        pool("web-1").awaitReady();
        files.host().exec("systemctl", "stop", "ssh").output();
        try {
            host.exec("systemctl", "stop", "srv-required-files.mount").output();
            assertThat(pool.property(host, pool.service(), "ActiveState")).isNotEqualTo("active");
            assertThat(host.exec("curl", "--silent", "--fail", "--max-time", "5", url())
                            .succeeded())
                    .isFalse();
            mount.awaitProblem("UnitFailed");
        } finally {
            files.host().exec("systemctl", "start", "ssh").output();
        }
        until(
                "the pool serves again",
                Duration.ofSeconds(90),
                () -> host.exec("curl", "--silent", "--fail", "--max-time", "5", url())
                        .stdout()
                        .startsWith("hello from"),
                () -> host.exec("systemctl", "status", pool.service(), pool.socketUnit(), "srv-required-files.mount")
                        .toString());
    }

    @Test
    void aMountIsNotDeletedUnderAPoolThatRequiresIt() {
        Mount mount = mount("");
        pool("web-1").awaitReady();
        tenant.kubectl("delete remotemount files --wait=false").output();
        assertThat(mount.awaitProblem("MountBusy").message())
                .contains("PhpFpmPool required/shop requires it: take it out of spec.requiresMounts");
        assertThat(pool.visit(host, "read.php")).isEqualTo("this file is on the file server");

        pool.apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                """).awaitReady();
        until(
                "the mount is gone",
                Duration.ofSeconds(30),
                () -> tenant.kubectl("get remotemounts --output name").output().isEmpty(),
                () -> tenant.kubectl("get remotemounts --output yaml").toString());
        assertThat(Mount.mountinfo(host, PATH)).isEmpty();
        assertThat(pool.visit(host)).startsWith("hello from");
    }

    private String url() {
        return "http://localhost/~%s/%s/index.php".formatted(USER, pool.instance());
    }

    private Pool pool(String hosts) {
        return pool.apply("""
                  hostNames: [%s]
                  phpVersion: "8.4"
                  requiresMounts: [files]
                """.formatted(hosts));
    }

    private Mount mount(String more) {
        return tenant.mount("files").apply("""
                  hostNames: [web-1]
                  type: sshfs
                  source: %s
                  path: %s
                  credentials: {secretRef: {name: key}}
                """.formatted(FileServer.SOURCE, PATH) + more);
    }
}
