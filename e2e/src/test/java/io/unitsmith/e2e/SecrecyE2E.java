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

    private static final String TOKEN = "canary-token-of-an-environment";

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
        tenant.secret("env", Map.of("TOKEN", TOKEN));
        tenant.secret("share", Map.of("username", "canary-user-name", "password", PASSWORD));
        // a line in the middle: the first and the last are the same for all keys
        String line = credentials.get("privateKey").lines().skip(2).findFirst().orElseThrow();
        this.secrets = List.of(line, PASSWORD, "canary-user-name", TOKEN);
    }

    @AfterAll
    void cleanUp() {
        tenant.close();
        files.close();
    }

    @Test
    void noSecretIsToBeFoundOutsideOfSecretsAndFilesOfRoot() {
        use();
        SecretSearch search = new SecretSearch(host, secrets);
        assertThat(search.findSecrets("grep -rlF -f - /etc/unitsmith"))
                .as("control: root finds them where they have to be")
                .isNotEmpty();
        search.assertNowhere(
                "units",
                "Managed by Unitsmith",
                "grep -rhsF -f - /etc/systemd /run/systemd/system /run/systemd/transient");
        search.assertNowhere("the journal", "unitsmith", SecretSearch.in("journalctl --no-pager --output export"));
        search.assertNowhere(
                "systemctl show, for everybody",
                "unitsmith-fpm@secrecy.shop.service",
                SecretSearch.in("setpriv --reuid=nobody --clear-groups systemctl show --all --no-pager '*'"));
        search.assertNowhere("arguments", "unitsmith", SecretSearch.in("cat /proc/[0-9]*/cmdline | tr '\\0' ' '"));
        search.assertNowhere(
                "environments that another user can read",
                "SHOWN=to-nobody",
                SecretSearch.in(
                        "env SHOWN=to-nobody setpriv --reuid=nobody --clear-groups cat /proc/[0-9]*/environ /proc/self/environ"
                                + " 2>/dev/null | tr '\\0' '\\n'"));
        search.assertNowhere(
                "files that everybody can read",
                "root:x:0:0",
                "setpriv --reuid=nobody --clear-groups grep -rasF --exclude-dir=proc --exclude-dir=sys -f -"
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
        Pool pool = tenant.pool("shop", "secrecy-ann").apply("""
                  hostNames: [web-1]
                  phpVersion: "8.4"
                  envFrom: [{secretRef: {name: env}}]
                """).awaitReady();
        tenant.script("secrecy-ann", "token.php", "<?php echo getenv('TOKEN');");
        assertThat(pool.visit(host, "token.php")).as("control: PHP has it").isEqualTo(TOKEN);
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

    private void assertAbsent(String where, Result text) {
        assertThat(text.output()).as("control: %s were read", where).isNotEmpty();
        assertThat(secrets)
                .as("secrets in %s", where)
                .noneSatisfy(secret -> assertThat(text.stdout()).contains(secret));
    }
}
