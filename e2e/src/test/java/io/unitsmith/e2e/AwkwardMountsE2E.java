package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.testbed.BesideTheOthers;
import io.unitsmith.testbed.Counts;
import io.unitsmith.testbed.Machine;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Passwords, names of shares and paths that something on the way could misread: what is mounted is what was meant. */
@EndToEnd
@Tag("soak")
@BesideTheOthers
class AwkwardMountsE2E {

    private static final String HOST = "awkward";
    private static final String SERVED = "/srv/served/";
    private static final String MOUNTED = "/srv/awkward/";

    private static final List<String> PASSWORDS = List.of(
            "comma,comma,,end,",
            "50%off%%s%n",
            "double \"quote\"",
            "single 'quote'",
            "back\\slash\\",
            " leading blank",
            "trailing blank ",
            "-o leading dash",
            "#hash",
            ";semicolon",
            "username=root,password=x,ro",
            "tab\tinside",
            "$HOME ${HOME} $$ `id` $(id)",
            "a|b&c<d>e*f?g[h]",
            "ümläut-ß-é",
            "日本語パスワード",
            "key 🔑",
            "long ".repeat(20));

    private static final List<String> SHARES = List.of(
            "two words", "hidden$", "-leading dash", "it's", "a&b;c", "#hash", "{brace}", "50%n", "ümläut ß", "日本語");

    private static final List<String> PATHS = List.of(
            "two  words",
            "comma,comma",
            "50%n %i%%",
            "double \"quote\"",
            "single 'quote'",
            "back\\slash\\x20",
            "-leading dash",
            "#hash;",
            "$HOME $",
            "*?[x]",
            "ümläut:ß",
            "日本語");

    private final Counts mounts;
    private final List<Case> cases;
    private final Machine host;

    /**
     * @param folder what is to be mounted
     * @param share the name under which Samba serves it; of a path, which sshd serves, its own
     */
    private record Case(int number, String spec, String path, String folder, String share, String password) {

        static Case ofPassword(int number, String password) {
            return ofShare(number, "share" + number, password);
        }

        static Case ofShare(int number, String share, String password) {
            String path = MOUNTED + number;
            return new Case(
                    number,
                    "cifs, source: " + quoted("//" + HOST + "/" + share),
                    path,
                    SERVED + number,
                    share,
                    password);
        }

        static Case ofPath(int number, String name) {
            String folder = SERVED + name;
            return new Case(
                    number,
                    "sshfs, source: " + quoted("files@" + HOST + ":" + folder),
                    MOUNTED + name,
                    folder,
                    name,
                    "");
        }

        boolean isShare() {
            return spec.startsWith("cifs");
        }

        String user() {
            return "user" + number;
        }

        String secret() {
            return isShare() ? user() : "key";
        }
    }

    AwkwardMountsE2E(Run run) {
        List<Case> all = all();
        this.mounts = Counts.of("awkward passwords, shares and paths", 8, all.size());
        this.cases = IntStream.range(0, mounts.count())
                .mapToObj(i -> all.get(i * all.size() / mounts.count()))
                .toList();
        this.host = Machine.start(run, HOST, "files");
        cases.forEach(this::serve);
        host.sh("""
                set -e
                systemctl restart smbd
                ssh-keygen -q -t ed25519 -N '' -f /root/key
                install -d -o files -m 0700 /home/files/.ssh
                install -o files -m 0600 /root/key.pub /home/files/.ssh/authorized_keys
                """).output();
    }

    @AfterAll
    void cleanUp() {
        host.remove();
    }

    @Test
    @Timeout(900)
    void eachIsMountedAsItIsMeant() {
        List<String> manifests = new ArrayList<>(List.of(MountCase.secret("key", key())));
        for (Case each : cases) {
            if (each.isShare()) {
                manifests.add(
                        MountCase.secret(each.secret(), Map.of("username", each.user(), "password", each.password())));
            }
            manifests.add(mount(each));
        }
        host.execWithInput(String.join("\n---\n", manifests), "unitsmith", "apply", "-f", "-")
                .output();

        List<String> faults = cases.stream().flatMap(this::faults).toList();
        mounts.result("%d not mounted".formatted(faults.size()));
        assertThat(faults).isEmpty();
    }

    @Test
    void anotherPasswordIsRefused() {
        Case each = cases.getFirst();
        String manifests = MountCase.secret("other", Map.of("username", each.user(), "password", each.password() + "x"))
                + "\n---\n"
                + mount("other", each.spec(), MOUNTED + "other", "other");
        host.execWithInput(manifests, "unitsmith", "apply", "-f", "-").output();
        assertThat(host.exec("ls", MOUNTED + "other/").succeeded()).isFalse();
        assertThat(host.journal("srv-awkward-other.mount")).contains("Permission denied");
    }

    private static List<Case> all() {
        List<Case> all = new ArrayList<>();
        PASSWORDS.forEach(password -> all.add(Case.ofPassword(all.size(), password)));
        SHARES.forEach(share -> all.add(Case.ofShare(all.size(), share, "plain")));
        PATHS.forEach(path -> all.add(Case.ofPath(all.size(), path)));
        return all;
    }

    private void serve(Case each) {
        host.exec("install", "-d", "-o", "files", each.folder()).output();
        host.execWithInput(each.number() + "\n", "tee", each.folder() + "/number")
                .output();
        if (each.isShare()) {
            host.exec("useradd", "--no-create-home", each.user()).output();
            host.execWithInput(each.password() + "\n" + each.password() + "\n", "smbpasswd", "-s", "-a", each.user())
                    .output();
            host.execWithInput(
                            "[%s]\n    path = %s\n".formatted(each.share(), each.folder()),
                            "tee",
                            "--append",
                            "/etc/samba/smb.conf")
                    .output();
        }
    }

    /** Reads through the mount what the server's folder has, and the other way round. */
    private Stream<String> faults(Case each) {
        Result use = host.exec(
                "sh",
                "-c",
                "cat \"$1/number\" && echo back >\"$1/back\" && cat \"$2/back\"",
                "use",
                each.path(),
                each.folder());
        return use.stdout().equals(each.number() + "\nback\n")
                ? Stream.empty()
                : Stream.of("%s: %s\n%s"
                        .formatted(
                                each,
                                use,
                                host.exec("journalctl", "--no-pager", "--lines", "20")
                                        .output()));
    }

    private Map<String, String> key() {
        return Map.of(
                "privateKey", host.exec("cat", "/root/key").output() + "\n",
                "knownHosts",
                        HOST + " "
                                + host.exec("cat", "/etc/ssh/ssh_host_ed25519_key.pub")
                                        .output() + "\n");
    }

    private static String quoted(String text) {
        return Serialization.asJson(text);
    }

    private static String mount(Case each) {
        return mount("case-" + each.number(), each.spec(), each.path(), each.secret());
    }

    private static String mount(String name, String spec, String path, String secret) {
        return """
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: %s}
                spec: {path: %s, type: %s, credentials: {secretRef: {name: %s}}}""".formatted(name, quoted(path), spec, secret);
    }
}
