package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Run;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One host, no cluster: the package, YAML, and `unitsmith`. */
@EndToEnd
@BesideTheOthers
class StandaloneE2E {

    private static final String FOLDER = "/etc/unitsmith/manifests";

    private final ContainerHost host;

    StandaloneE2E(Run run) {
        this.host = ContainerHost.standalone(run, "alone", "trixie");
    }

    @AfterAll
    void cleanUp() {
        host.remove();
    }

    @AfterEach
    void leaveNothing() {
        for (String manifest : List.of(pool("shop", "1M"), pool("blog", "1M"), pool("third", "1M"), mount("one"))) {
            unitsmith(manifest, "delete", "-f", "-");
        }
        host.sh("rm -f " + FOLDER + "/*; rm -rf /var/lib/unitsmith/deletions").output();
    }

    @Test
    void theReadmesPathWorksForANewcomer() {
        Readme section = Readme.whole().section(Readme.ONE_HOST);
        host.execWithInput(section.blocks("yaml").getFirst(), "tee", "/root/shop.yaml")
                .output();
        host.execWithInput(section.blocks("nginx").getFirst(), "tee", "/etc/nginx/conf.d/shop.conf")
                .output();
        Readme.assertSays(host, section.blocks("console").getFirst());
    }

    @Test
    void anEditIsConfiguredAndASecondApplyWritesNothing() {
        assertThat(apply(pool("shop", "128M")).output()).startsWith("phpfpmpool default/shop created: ");
        Result edited = apply(pool("shop", "256M"));
        assertThat(edited.output()).startsWith("phpfpmpool default/shop configured: ");
        assertThat(config("shop")).contains("['memory_limit'] = '256M'");

        HostFiles before = HostFiles.settled(host);
        assertThat(apply(pool("shop", "256M")).output()).isEqualTo("phpfpmpool default/shop unchanged");
        assertThat(HostFiles.of(host).changesSince(before)).isEmpty();
    }

    @Test
    void anUnknownFieldIsRefusedWithAllOtherFaultsAndNothingIsWritten() {
        apply(pool("shop", "128M")).output();
        HostFiles before = HostFiles.settled(host);
        Result refused = apply(pool("shop", "256M") + "---\n"
                + pool("blog", "1M").replace("phpVersion: \"8.4\"", "phpVersion: 8.4, usr: x"));

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.stderr().lines().map(line -> line.replace("unitsmith: ", "")))
                .hasSize(2)
                .contains("-: PhpFpmPool default/blog: spec.phpVersion: 8.4 is not of type string: put it in quotes")
                .anyMatch(
                        line -> line.startsWith(
                                "-: PhpFpmPool default/blog: spec.usr is not a field; spec has accessLog, catchWorkersOutput, "));
        assertThat(HostFiles.of(host).changesSince(before)).isEmpty();
    }

    @Test
    void whatTheHostCannotHaveIsToldAndTheOldStaysInForce() {
        apply(pool("shop", "128M")).output();
        Result refused = apply(pool("shop", "256M").replace("user: alice", "user: nobody-here"));

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.stderr())
                .contains("phpfpmpool default/shop configured, and this host cannot have it as it is")
                .contains("UserNotFound", "spec.user", "nobody-here");
        assertThat(config("shop")).contains("128M");
        assertThat(host.exec("unitsmith", "status").output()).contains("! UserNotFound: spec.user");
    }

    @Test
    void filesOfOnesOwnAreNoticedAndABadOneStopsNoOther() {
        apply(pool("shop", "128M")).output();
        write("mine.yaml", pool("blog", "64M") + "---\n" + pool("third", "64M"));
        write("broken.yaml", "kind: Secret\nstringData:\n  password: hunter2: hunter3\n");
        awaitActive("unitsmith-fpm@default.blog.socket");
        awaitActive("unitsmith-fpm@default.third.socket");
        awaitStatus("! /etc/unitsmith/manifests/broken.yaml: line 3");
        assertThat(host.exec("unitsmith", "status").output()).doesNotContain("hunter");

        write("mine.yaml", pool("blog", "32M"));
        awaitStatus("default/third   Orphaned");
        assertThat(config("blog")).contains("32M");
        assertThat(isActive("unitsmith-fpm@default.third.socket"))
                .as("absence removes nothing")
                .isTrue();

        Result foreign = apply(pool("blog", "16M"));
        assertThat(foreign.exitCode()).isEqualTo(1);
        assertThat(foreign.stderr()).contains("PhpFpmPool default/blog stands in " + FOLDER + "/mine.yaml");
        Result deleted = unitsmith(pool("blog", "1M"), "delete", "-f", "-");
        assertThat(deleted.output()).contains("phpfpmpool default/blog deleted; it still stands in " + FOLDER);
        assertThat(isActive("unitsmith-fpm@default.blog.socket")).isFalse();
        assertThat(apply(pool("blog", "32M")).output()).isEqualTo("phpfpmpool default/blog unchanged");
        assertThat(isActive("unitsmith-fpm@default.blog.socket")).isTrue();

        host.sh("rm " + FOLDER + "/mine.yaml").output();
        assertThat(unitsmith(pool("third", "1M") + "---\n" + pool("blog", "1M"), "delete", "-f", "-")
                        .output()
                        .lines())
                .containsExactlyInAnyOrder("phpfpmpool default/blog deleted", "phpfpmpool default/third deleted");
    }

    @Test
    void deleteLeavesTheHostAsItWas() {
        apply(pool("blog", "128M")).output();
        HostState before = HostState.of(host);
        apply(pool("shop", "128M")).output();
        apply(mount("one")).output();
        assertThat(HostState.of(host).changesSince(before))
                .as("control: there is something to take away")
                .anyMatch(line -> line.contains("default.shop"))
                .anyMatch(line -> line.contains("srv-files.automount"));

        assertThat(unitsmith(pool("shop", "1M") + "---\n" + mount("one"), "delete", "-f", "-")
                        .output()
                        .lines())
                .containsExactlyInAnyOrder(
                        "phpfpmpool default/shop deleted",
                        "remotemount default/files deleted",
                        "secret default/key deleted");
        assertThat(HostState.of(host).changesSince(before)).isEmpty();
        assertThat(host.exec("grep", "-r", "hunter", "/var/lib/unitsmith", "/etc/unitsmith", "/etc/systemd")
                        .stdout())
                .isEmpty();
        assertThat(unitsmith(pool("shop", "1M"), "delete", "-f", "-").output())
                .isEqualTo("phpfpmpool default/shop not found on this host");
    }

    @Test
    void aChangedSecretThatDoesNotWorkLeavesTheOneBeforeInUseAndIsShownNowhere() {
        String created = apply(mount("one")).output();
        assertThat(created).contains("secret default/key created", "remotemount default/files created: ");
        Result changed = apply(mount("two"));
        assertThat(changed.exitCode()).as("%s", changed).isEqualTo(1);
        assertThat(changed.stdout()).contains("secret default/key configured");
        assertThat(changed.stderr())
                .contains("remotemount default/files unchanged, ", "CredentialsFailed: ", "those before stay in use");
        assertThat(host.sh("cat /etc/unitsmith/credentials/*/*").stdout())
                .contains("hunter-one")
                .doesNotContain("hunter-two");
        assertThat(created
                        + changed
                        + host.exec("unitsmith", "status", "--output", "yaml").output()
                        + host.journal("unitsmith-agent"))
                .doesNotContain("hunter");
    }

    @Test
    void statusWorksWithTheAgentDead() {
        apply(pool("shop", "128M")).output();
        assertThat(host.exec("unitsmith", "status").output())
                .contains("agent       runs, version ", "source      manifests " + FOLDER)
                .containsPattern("PhpFpmPool +default/shop +Idle +shop-[0-9a-f]{10} ")
                .contains("next        nothing");
        host.exec("systemctl", "stop", "unitsmith-agent", "unitsmith-fpm@default.shop.socket")
                .output();
        String dead = host.exec("unitsmith", "status").output();
        assertThat(dead)
                .contains("agent       ! DOES NOT RUN: systemctl start unitsmith-agent.service")
                .contains("unitsmith-fpm@default.shop.socket inactive")
                .contains("next        start unitsmith-fpm@default.shop.socket");

        assertThat(apply(pool("shop", "128M")).output())
                .as("apply starts the agent")
                .isEqualTo("phpfpmpool default/shop unchanged");
        awaitActive("unitsmith-fpm@default.shop.socket");
    }

    @Test
    void aHostThatIsStartedAgainHasWhatItHadAlsoWithoutItsFolder() {
        apply(pool("shop", "128M")).output();
        host.sh("mv " + FOLDER + " /root/elsewhere").output();
        host.stop();
        host.start();
        try {
            awaitStatus(FOLDER + " is not there: what was last known stays in force");
            awaitActive("unitsmith-fpm@default.shop.socket");
        } finally {
            host.sh("mv /root/elsewhere " + FOLDER).output();
        }
        awaitActive("unitsmith-fpm@default.shop.socket");
    }

    @Test
    void planTouchesNothingAndApplyThenDoesExactlyThat() {
        apply(pool("shop", "128M")).output();
        host.sh("curl --silent --fail http://localhost/~alice/default.shop/index.php")
                .output();
        String edits = pool("shop", "256M") + "---\n" + pool("blog", "128M") + "---\n" + mount("one");
        String switches = pool("shop", "256M").replace("8.4", "8.2");
        for (String manifests : List.of(edits, switches)) {
            Planned.touchingNothing(host, manifests)
                    .isWhatIsDone(host, () -> apply(manifests).output());
        }
        assertThat(Planned.touchingNothing(host, edits.replace("8.4", "8.2")).actions())
                .as("control: another plan")
                .isNotEmpty();
    }

    private Result apply(String manifests) {
        return unitsmith(manifests, "apply", "-f", "-");
    }

    private Result unitsmith(String manifests, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "unitsmith";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return host.execWithInput(manifests, command);
    }

    private void write(String name, String text) {
        host.execWithInput(text, "sh", "-c", "umask 077; cat >" + FOLDER + "/" + name)
                .output();
    }

    private String config(String pool) {
        return host.exec("cat", "/etc/unitsmith/fpm/8.4/default." + pool + ".conf")
                .output();
    }

    private boolean isActive(String unit) {
        return host.exec("systemctl", "is-active", unit).succeeded();
    }

    private void awaitActive(String unit) {
        until(
                unit + " is active",
                Duration.ofSeconds(30),
                () -> isActive(unit),
                () -> host.exec("unitsmith", "status").toString());
    }

    private void awaitStatus(String text) {
        until(
                "the status says " + text,
                Duration.ofSeconds(30),
                () -> host.exec("unitsmith", "status").stdout().contains(text),
                () -> host.exec("unitsmith", "status").toString());
    }

    private static String pool(String name, String memory) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: %s}
                spec: {user: alice, phpVersion: "8.4", phpAdminValues: {memory_limit: %s}}
                """.formatted(name, memory);
    }

    private static String mount(String secret) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: {name: key}
                stringData: {privateKey: "-----BEGIN KEY-----\\nhunter-%s\\n", knownHosts: "files ssh-ed25519 AAAA\\n"}
                ---
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: files}
                spec:
                  type: sshfs
                  source: files@files:/srv
                  path: /srv/files
                  credentials: {secretRef: {name: key}}
                """.formatted(secret);
    }
}
