package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.FileServer;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Promise 6: no secret appears in a unit, an argument, a status, an event, a log or a journal line. */
@EndToEnd
class SecrecyE2E {

    private static final String PASSWORD = "canary,with \"all\" $orts=%of;things";

    private final Testbed bed;
    private final ContainerHost host;
    private final Tenant tenant;
    private final FileServer files;
    private final List<String> secrets;

    SecrecyE2E(Testbed bed) {
        this.bed = bed;
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(bed, "secrecy", "secrecy-ann");
        this.files = FileServer.start(bed.run());
        Map<String, String> credentials = files.credentials();
        tenant.secret("key", credentials);
        tenant.secret("share", Map.of("username", "canary-user-name", "password", PASSWORD));
        // a line in the middle: the first and the last are the same for all keys
        String line = credentials.get("privateKey").lines().skip(2).findFirst().orElseThrow();
        this.secrets = List.of(line, PASSWORD, "canary-user-name");
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        files.close();
    }

    @Test
    void noSecretIsToBeFoundOutsideOfSecretsAndFilesOfRoot() {
        use();
        assertThat(host.execWithInput(patterns(), "grep", "-rlF", "-f", "/dev/stdin", "/etc/unitsmith")
                        .stdout())
                .as("control: root finds them where they have to be")
                .isNotEmpty();
        assertNowhere("units", "grep -rhsF -f /dev/stdin /etc/systemd /run/systemd/system /run/systemd/transient");
        assertNowhere("journal", "journalctl --no-pager --output export | grep -aF -f /dev/stdin");
        assertNowhere(
                "systemctl show, for everybody",
                "setpriv --reuid=nobody --clear-groups systemctl show --all --no-pager '*' | grep -F -f /dev/stdin");
        assertNowhere("arguments", "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -aF -f /dev/stdin");
        assertNowhere(
                "files that everybody can read",
                "setpriv --reuid=nobody --clear-groups grep -rlsF --exclude-dir=proc --exclude-dir=sys -f /dev/stdin"
                        + " /etc /var /run /srv/secrecy/absent /home /tmp /opt /root");

        assertAbsent("API objects", bed.cluster().container().sh("""
                        kinds=$(k3s kubectl api-resources --verbs=list --output name | grep -vx secrets | paste -sd,)
                        k3s kubectl get "$kinds" --all-namespaces --output yaml --show-managed-fields 2>/dev/null"""));
        assertAbsent(
                "the operator's log",
                bed.cluster().kubectl("logs", "--namespace", "unitsmith-system", "--selector", "!none", "--tail=-1"));
    }

    /** All that could make somebody tell: mounts that work, fail and are edited. */
    private void use() {
        tenant.mount("data")
                .apply(mount("sshfs", FileServer.SOURCE, "/srv/secrecy/data", "key"))
                .awaitReady();
        host.exec("cat", "/srv/secrecy/data/hello.txt").output();
        tenant.mount("share")
                .apply(mount("cifs", "//files/share", "/srv/secrecy/share", "share"))
                .awaitReady();
        assertThat(host.exec("ls", "/srv/secrecy/share/").succeeded())
                .as("a mount that cannot succeed here")
                .isFalse();
        tenant.mount("broken").apply(mount("sshfs", FileServer.SOURCE, "/srv/secrecy/broken", "share"));
        tenant.mount("broken").awaitProblem("SecretInvalid");
        host.exec("systemctl", "restart", "unitsmith-agent").output();
        tenant.mount("data").awaitReady();
    }

    private static String mount(String type, String source, String path, String secret) {
        return """
                  hostNames: [web-1]
                  type: %s
                  source: %s
                  path: %s
                  credentials: {secretRef: {name: %s}}
                """.formatted(type, source, path, secret);
    }

    private void assertNowhere(String where, String search) {
        Result found = host.execWithInput(patterns(), "sh", "-c", search);
        assertThat(found.stdout()).as("secrets in %s of the host", where).isEmpty();
    }

    private void assertAbsent(String where, Result text) {
        assertThat(text.output()).as("control: %s were read", where).isNotEmpty();
        assertThat(secrets)
                .as("secrets in %s", where)
                .noneSatisfy(secret -> assertThat(text.stdout()).contains(secret));
    }

    private String patterns() {
        return String.join("\n", secrets);
    }
}
