package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mount appears at the first access, from a real server, and goes again when nobody uses it. */
@EndToEnd
class MountE2E {

    private final ContainerHost host;
    private final Tenant tenant;
    private final FileServer files;

    MountE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "mounts", "mounts-ann");
        this.files = FileServer.start(bed.run());
        tenant.secret("key", files.credentials());
    }

    @AfterEach
    void leaveNoMount() {
        tenant.deleteWorkloads();
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        files.close();
    }

    @Test
    void itAppearsAtTheFirstAccessAndGoesWhenIdle() {
        Mount mount = sshfs("uploads", "/srv/mounts/uploads", "  automount: {idleTimeout: 4s}\n");
        assertThat(Mount.mountinfo(host, "/srv/mounts/uploads"))
                .as("before the first access")
                .contains("autofs")
                .doesNotContain("fuse.sshfs");
        assertThat(mount.get().getStatus().hosts().mounted()).isZero();
        assertThat(host.exec("systemctl", "show", "--value", "-p", "TimeoutIdleUSec", "srv-mounts-uploads.automount")
                        .output())
                .isEqualTo("4s");

        assertThat(host.exec("cat", "/srv/mounts/uploads/hello.txt").output())
                .isEqualTo("this file is on the file server");
        assertThat(Mount.mountinfo(host, "/srv/mounts/uploads")).contains("fuse.sshfs", "nosuid", "nodev");
        mount.await("seen as mounted", it -> it.getStatus().hosts().mounted() == 1);
        assertThat(tenant.kubectl("get remotemounts uploads --no-headers").output())
                .matches("uploads +sshfs +/srv/mounts/uploads +1 +1 +1 +Ready +.*");

        until(
                "it is unmounted when idle",
                Duration.ofSeconds(30),
                () -> !Mount.mountinfo(host, "/srv/mounts/uploads").contains("fuse.sshfs"),
                () -> host.exec("systemctl", "status", "srv-mounts-uploads.automount")
                        .toString());
        mount.await("seen as not mounted", it -> it.getStatus().hosts().mounted() == 0);
        assertThat(host.exec("cat", "/srv/mounts/uploads/hello.txt").succeeded())
                .as("the next access")
                .isTrue();
    }

    @Test
    void itsCredentialsAreForRootAlone() {
        sshfs("guarded", "/srv/mounts/guarded", "");
        String modes = host.sh(
                        "find /etc/unitsmith -type f -exec grep -l -e 'PRIVATE KEY' -e ssh-ed25519 {} + | xargs stat --format '%U %a'")
                .output();
        assertThat(modes.lines().distinct())
                .as("owner and mode of the files with the key and the server's key")
                .containsExactly("root 600");
        assertThat(host.sh(
                                "find /etc/unitsmith -type f -exec grep -l 'PRIVATE KEY' {} + | xargs dirname | xargs stat --format '%U %a'")
                        .output())
                .isEqualTo("root 700");
    }

    @Test
    void newCredentialsCountOnceTheServerHasTakenThem() {
        Mount mount = sshfs("rotated", "/srv/mounts/rotated", "");
        String uploaded = "/srv/mounts/rotated/hello.txt";
        assertThat(host.exec("cat", uploaded).succeeded()).isTrue();
        files.host()
                .sh("rm -f /root/next*; ssh-keygen -q -t ed25519 -N '' -C next -f /root/next")
                .output();
        Map<String, String> next = new HashMap<>(files.credentials());
        next.put("privateKey", files.host().exec("cat", "/root/next").output() + "\n");
        rotate(next);
        assertThat(mount.awaitProblem("CredentialsFailed").message())
                .contains("Secret \"key\"", "those before stay in use", "read: Connection reset by peer")
                .doesNotContain("PRIVATE KEY");
        host.exec("systemctl", "stop", "srv-mounts-rotated.mount").output();
        assertThat(host.exec("cat", uploaded).succeeded()).as("the next access").isTrue();

        String known = "/home/files/.ssh/authorized_keys";
        files.host().exec("cp", "/root/next.pub", known).output();
        try {
            next.merge("knownHosts", "# tried at once, since it has changed\n", String::concat);
            rotate(next);
            until(
                    "the new key is in use, for the server knows no other",
                    Duration.ofSeconds(60),
                    () -> host.sh("systemctl stop srv-mounts-rotated.mount && cat " + uploaded)
                            .succeeded(),
                    () -> tenant.kubectl("get remotemount --output yaml rotated")
                            .toString());
        } finally {
            files.host().exec("cp", "/root/key.pub", known).output();
            rotate(files.credentials());
        }
        assertThat(host.sh("ls -A /run/unitsmith/trial; ls /run/systemd/system | grep trial")
                        .stdout())
                .as("what trials have left")
                .isBlank();
    }

    @Test
    void whileItIsAbsentNotEvenRootCanWriteIntoItsFolder() {
        Mount mount = sshfs("lost", "/srv/mounts/lost", "  automount: {enabled: false}\n");
        files.host().exec("systemctl", "stop", "ssh").output();
        try {
            host.exec("umount", "/srv/mounts/lost").output();
            mount.await("seen as absent", it -> it.getStatus().hosts().mounted() == 0);
            assertThat(Mount.mountinfo(host, "/srv/mounts/lost")).isEmpty();
            assertThat(host.sh("touch /srv/mounts/lost/file").stderr()).contains("Operation not permitted");
        } finally {
            files.host().exec("systemctl", "start", "ssh").output();
        }
        tenant.deleteWorkloads();
        assertThat(host.sh("touch /srv/mounts/lost/file && rm -r /srv/mounts/lost"))
                .as("a write after the RemoteMount is gone")
                .matches(Result::succeeded);
    }

    @Test
    void whatIsInTheFolderIsNotHiddenAndNothingIsMountedThroughALink() {
        host.sh(
                        "mkdir -p /srv/mounts/full /srv/mounts/real; echo kept >/srv/mounts/full/file; ln -sfn real /srv/mounts/link")
                .output();
        Mount full = tenant.mount("full").apply(spec("/srv/mounts/full", ""));
        assertThat(full.awaitProblem("Conflict").message())
                .contains("would hide what is in \"/srv/mounts/full\" (file)", "protectMountpoint: false");
        assertThat(tenant.mount("link")
                        .apply(spec("/srv/mounts/link/x", ""))
                        .awaitProblem("Conflict")
                        .message())
                .contains("\"/srv/mounts/link\" is a symbolic link");
        assertThat(host.exec("cat", "/srv/mounts/full/file").output()).isEqualTo("kept");

        sshfs("full", "/srv/mounts/full", "  protectMountpoint: false\n");
        assertThat(host.exec("ls", "/srv/mounts/full").output()).contains("hello.txt");
        tenant.deleteWorkloads();
        assertThat(host.exec("cat", "/srv/mounts/full/file").output()).isEqualTo("kept");
        host.sh("rm -r /srv/mounts/full /srv/mounts/link /srv/mounts/real").output();
    }

    @Test
    void whatIsMountedOrListedAlreadyIsAConflictAndStays() {
        host.sh("mkdir -p /srv/mounts/taken; mount -t tmpfs by-hand /srv/mounts/taken")
                .output();
        host.sh("echo 'files:/x /srv/mounts/listed nfs4 noauto 0 0' >>/etc/fstab")
                .output();
        try {
            Mount taken = tenant.mount("taken").apply(spec("/srv/mounts/taken", ""));
            Mount listed = tenant.mount("listed").apply(spec("/srv/mounts/listed", ""));
            assertThat(taken.awaitProblem("Conflict").message())
                    .contains("something is mounted at /srv/mounts/taken already");
            assertThat(listed.awaitProblem("Conflict").message()).contains("of /etc/fstab mounts");
            tenant.deleteWorkloads();
            assertThat(Mount.mountinfo(host, "/srv/mounts/taken")).contains("by-hand");
        } finally {
            host.sh("sed -i '/mounts.listed/d' /etc/fstab; umount /srv/mounts/taken; rmdir /srv/mounts/taken")
                    .output();
        }
    }

    @Test
    void theFirstOfTwoThatWantOnePathHasIt() {
        sshfs("first", "/srv/mounts/wanted", "");
        Mount second = tenant.mount("second").apply(spec("/srv/mounts/wanted", ""));
        assertThat(second.awaitProblem("Conflict").message()).contains("spec.path", "/srv/mounts/wanted", "first");
        assertThat(host.exec("cat", "/srv/mounts/wanted/hello.txt").succeeded()).isTrue();
    }

    @Test
    void aChangedIdleTimeoutIsTheKernelsToo() {
        sshfs("patient", "/srv/mounts/patient", "  automount: {idleTimeout: 100s}\n");
        assertThat(Mount.mountinfo(host, "/srv/mounts/patient")).contains(",timeout=100,");
        sshfs("patient", "/srv/mounts/patient", "  automount: {idleTimeout: 200s}\n");
        assertThat(Mount.mountinfo(host, "/srv/mounts/patient")).contains(",timeout=200,");
    }

    @Test
    void phpWithATemporaryFolderOfItsOwnSeesIt() {
        // T31: in a private mount namespace an automount may answer ELOOP
        tenant.script("mounts-ann", "look.php", "<?php echo implode(' ', scandir('/srv/mounts/shared'));");
        Pool pool = tenant.pool("viewer", "mounts-ann").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                """);
        pool.awaitReady().visit(host);
        sshfs("shared", "/srv/mounts/shared", "  options: [noatime]\n");
        assertThat(pool.visit(host, "look.php"))
                .as("by a master that ran before the mount")
                .contains("hello.txt");
        host.exec("systemctl", "stop", pool.service(), "srv-mounts-shared.mount")
                .output();
        assertThat(pool.visit(host, "look.php")).as("by a fresh master").contains("hello.txt");
    }

    @Test
    void withoutAutomountItIsThereAtOnceAndReadOnlyMeansReadOnly() {
        sshfs("fixed", "/srv/mounts/fixed", "  automount: {enabled: false}\n  readOnly: true\n");
        assertThat(Mount.mountinfo(host, "/srv/mounts/fixed"))
                .contains("fuse.sshfs", " ro,")
                .doesNotContain("autofs");
        assertThat(host.sh("touch /srv/mounts/fixed/new").stderr()).contains("Read-only file system");
        assertThat(files.host().exec("ls", "/srv/uploads/new").succeeded()).isFalse();
    }

    @Test
    void filesShowTheOwnerAndTheModeThatTheSpecNames() {
        sshfs("owned", "/srv/mounts/owned", """
                  ownership: {uid: mounts-ann, gid: mounts-ann, fileMode: "0750", dirMode: "0750"}
                  directoryMode: "0711"
                """);
        assertThat(host.sh("stat --format '%U:%G %a' /srv/mounts/owned/hello.txt /srv/mounts/owned/.")
                        .output()
                        .lines())
                .containsOnly("mounts-ann:mounts-ann 750");
        assertThat(host.sh(
                                "systemctl stop srv-mounts-owned.automount srv-mounts-owned.mount && stat --format %a /srv/mounts/owned")
                        .output())
                .isEqualTo("711");
    }

    @Test
    void aPathWithBlanksAndDashesIsJustAPath() {
        Mount mount = tenant.mount("blank").apply("""
                  hostNames: [web-1]
                  type: sshfs
                  source: "files@files:/srv/uploads/two  words"
                  path: "/srv/mounts/my share-1"
                  credentials: {secretRef: {name: key}}
                """);
        files.host()
                .sh("install -d -o files '/srv/uploads/two  words'; echo blank >'/srv/uploads/two  words/x'")
                .output();
        mount.awaitReady();
        assertThat(host.exec("cat", "/srv/mounts/my share-1/x").output()).isEqualTo("blank");
        assertThat(Mount.mountinfo(host, "/srv/mounts/my share-1")).contains("fuse.sshfs");
    }

    @Test
    void whileTheServerIsAwayNothingIsWrittenBelowTheMountPointAndItComesBackByItself() {
        // T30: after five failures systemd gives the automount up, and files go to the local disk
        sshfs("away", "/srv/mounts/away", "");
        files.host().exec("systemctl", "stop", "ssh").output();
        try {
            for (int attempt = 0; attempt < 7; attempt++) {
                assertThat(host.exec("ls", "/srv/mounts/away/").succeeded()).isFalse();
            }
            Result write = host.exec("touch", "/srv/mounts/away/lost");
            assertThat(write.succeeded()).as("a write while the server is away").isFalse();
        } finally {
            files.host().exec("systemctl", "start", "ssh").output();
        }
        assertThat(host.exec("cat", "/srv/mounts/away/hello.txt").output())
                .as("an access when the server is back")
                .isEqualTo("this file is on the file server");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            nfs       | files.example.com:/export/my share   | hard, noatime
            nfs4      | files.example.com:/export/my share   | hard, noatime
            cifs      | //files.example.com/my share         | vers=3.1.1, seal
            smb3      | //files.example.com/my share         | guest
            davfs     | https://files.example.com/my share   | use_locks=0, uid=1001
            s3fs      | 'my-share:/a b'                      | 'url=https://files.example.com:9000'
            glusterfs | 'files-1.example.com,files-2:/share' | acl
            ceph      | '192.0.2.1,192.0.2.2:6789:/my share' | name=ann, ms_mode=secure
            """)
    void unitsOfTheOtherTypesPassSystemdsOwnCheck(String type, String source, String options) {
        // nothing here can mount CephFS: its helper is not installed
        host.sh("test -e /sbin/mount.ceph || install -m 755 /dev/null /sbin/mount.ceph")
                .output();
        boolean isKnown = !RemoteMountSpec.Type.valueOf(type.toUpperCase(Locale.ROOT))
                        .requiredKeys()
                        .isEmpty()
                && !options.equals("guest");
        host.execWithInput(
                        """
                        apiVersion: unitsmith.io/v1alpha1
                        kind: RemoteMount
                        metadata: {name: %1$s, namespace: mounts}
                        spec:
                          hostNames: [web-1]
                          type: %1$s
                          source: "%2$s"
                          path: /srv/mounts/%1$s
                          options: [%3$s]
                          %4$s
                        ---
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: share, namespace: mounts}
                        stringData: {username: ann, password: "p%%, w", accessKey: ann, secretKey: a2V5}
                        """.formatted(type, source, options, isKnown ? "credentials: {secretRef: {name: share}}" : ""),
                        "tee",
                        "/var/tmp/%s.yaml".formatted(type))
                .output();
        Result render = host.sh("rm -rf /var/tmp/rendered && "
                + "unitsmith render -f /var/tmp/%s.yaml --output-dir /var/tmp/rendered".formatted(type));
        assertThat(render.succeeded()).as("%s", render).isTrue();
        Result units = host.sh("find /var/tmp/rendered -name '*mount'");
        assertThat(units.output()).contains("srv-mounts-" + type + ".mount", "srv-mounts-" + type + ".automount");
        Result verify = host.sh("systemd-analyze verify $(find /var/tmp/rendered -type f -name '*mount')");
        assertThat(verify.succeeded()).as("%s", verify).isTrue();
        assertThat(verify.stdout() + verify.stderr()).isEmpty();
    }

    @Test
    void aBucketIsOrderedAfterTheNetworkThoughSystemdDoesNotKnowItsTypeAsRemote() {
        // T50: without _netdev it would be ordered with local disks
        tenant.secret("keys", Map.of("accessKey", "AKIA", "secretKey", "c2VjcmV0"));
        tenant.mount("bucket").apply("""
                  hostNames: [web-1]
                  type: s3fs
                  source: shop-uploads
                  path: /srv/mounts/bucket
                  options: ["url=http://files:1", use_path_request_style]
                  credentials: {secretRef: {name: keys}}
                """).awaitReady();
        String after = host.exec("systemctl", "show", "--value", "-p", "After", "srv-mounts-bucket.mount")
                .output();
        assertThat(after.split(" "))
                .contains("network-online.target", "remote-fs-pre.target")
                .doesNotContain("local-fs-pre.target");
    }

    /** The operator looks at Secrets once a minute, and whenever a host changes. */
    private void rotate(Map<String, String> credentials) {
        tenant.secret("key", credentials);
        tenant.kubectl("label hosts.unitsmith.io web-1 --overwrite rotation=" + System.nanoTime())
                .output();
    }

    private Mount sshfs(String name, String path, String more) {
        return tenant.mount(name).apply(spec(path, more)).awaitReady();
    }

    private static String spec(String path, String more) {
        return """
                  hostNames: [web-1]
                  type: sshfs
                  source: %s
                  path: %s
                  credentials: {secretRef: {name: key}}
                """.formatted(FileServer.SOURCE, path) + more;
    }
}
