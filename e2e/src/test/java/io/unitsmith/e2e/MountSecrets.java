package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.Machine;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a host without a cluster may have the secrets of its mounts: in files that only root can read, and nowhere else. */
record MountSecrets(Machine client, Storage storage) {

    /** By type, what its helper says of a password that the server does not take. */
    private static final Map<String, String> REFUSALS = Map.of(
            "smb3", "Permission denied",
            "davfs", "Could not authenticate",
            "s3fs", "Invalid Credentials");

    private static final String REFUSED = "with-\"all\",$orts%of;canaryOfRefused";
    private static final String REFUSED_FOLDER = "/srv/refused/";

    private static final String FOLDERS = "/etc /home /opt /root /run /tmp /usr/local /var";

    /** Mounts with another password, for each type that has one: their helpers say why they fail. */
    void areRefused() {
        String mounts = MountCase.ALL.stream()
                .filter(each -> REFUSALS.containsKey(each.name()))
                .map(MountCase::manifest)
                .map(manifest -> manifest.replace("metadata: {name: ", "metadata: {name: refused-")
                        .replace(MountCase.FOLDER, REFUSED_FOLDER)
                        .replaceAll("secretRef: \\{name: [a-z-]+}", "secretRef: {name: refused}"))
                .collect(Collectors.joining("\n---\n"));
        String secret = MountCase.secret(
                "refused",
                Map.of("username", "files", "password", REFUSED, "accessKey", "files", "secretKey", REFUSED));
        String manifests = secret + "\n---\n" + mounts;
        client.execWithInput(manifests, "unitsmith", "apply", "-f", "-").output();
        for (String name : REFUSALS.keySet()) {
            assertThat(client.exec("ls", REFUSED_FOLDER + name + "/").succeeded())
                    .as("a login with another password: %s", name)
                    .isFalse();
        }
        REFUSALS.forEach((name, words) -> {
            var told =
                    Pattern.compile("RemoteMount +default/refused-%s +Failed .*\n(?: {4}.*\n)*? {4}! UnitFailed: .*%s"
                            .formatted(name, words));
            until(
                    "the status says why %s is refused".formatted(name),
                    Duration.ofSeconds(30),
                    () -> told.matcher(client.exec("unitsmith", "status").output())
                            .find(),
                    () -> client.exec("unitsmith", "status").stdout());
        });
    }

    /** What is mounted stays so; what is just being unmounted, since it was idle, is mounted again. */
    void whileInUse(Runnable test) {
        try {
            MountCase.ALL.forEach(each -> until(
                    "somebody is in " + each.path(),
                    Duration.ofSeconds(30),
                    () -> hold(each).succeeded(),
                    () -> hold(each).toString()));
            test.run();
        } finally {
            client.exec("systemctl", "stop", "hold-*").output();
        }
    }

    private Result hold(MountCase each) {
        String unit = "--unit=hold-" + each.name();
        return client.exec("systemd-run", "--quiet", unit, "--working-directory=" + each.path(), "sleep", "infinity");
    }

    private List<String> secrets() {
        // a line in the middle: the first and the last are the same for all keys
        String key = storage.key().get("privateKey").lines().skip(2).findFirst().orElseThrow();
        return Stream.of(storage.login().get("password"), storage.accessKey().get("secretKey"), key, REFUSED)
                .flatMap(MountSecrets::spellings)
                .toList();
    }

    /** Their longest word, which is the same however the rest is quoted, and the whole as Secrets spell it. */
    private static Stream<String> spellings(String secret) {
        String word = Stream.of(secret.split("[^A-Za-z0-9]+", -1))
                .max(Comparator.comparingInt(String::length))
                .orElseThrow();
        return Stream.of(word, Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }

    void assertForRootAlone() {
        SecretSearch search = new SecretSearch(client, secrets());
        assertThat(search.findSecrets(
                                "grep -rlsF -f - %s | xargs -d '\\n' stat --format '%%U %%a %%n'".formatted(FOLDERS))
                        .lines())
                .as("files with secrets")
                .anyMatch(line -> line.startsWith("root 600 /etc/unitsmith/credentials/"))
                .allMatch(line -> line.matches("root 600 (/etc|/var/lib)/unitsmith/.*"));
        search.assertNowhere("units", "[Mount]", "grep -rhsF -f - /etc/systemd /run/systemd");
        search.assertNowhere(
                "the journal", "Permission denied", SecretSearch.in("journalctl --no-pager --output export"));
        // all units but devices: there are hundreds of them, which takes minutes
        search.assertNowhere(
                "systemctl show, for everybody",
                "srv-types-cifs.mount",
                SecretSearch.in("setpriv --reuid=nobody --clear-groups systemctl show --all --no-pager '*.[!d]*'"));
        search.assertNowhere("arguments", "s3fs", SecretSearch.in("cat /proc/[0-9]*/cmdline | tr '\\0' ' '"));
        search.assertNowhere(
                "environments", "PATH=", SecretSearch.in("cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'"));
        search.assertNowhere(
                "the kernel's list of mounts", "cifs", SecretSearch.in("cat /proc/self/mountinfo /proc/mounts"));
        search.assertNowhere("the kernel's log", "CIFS: ", SecretSearch.in("dmesg"));
        for (String format : List.of("table", "json", "yaml")) {
            search.assertNowhere("the status", "RemoteMount", SecretSearch.in("unitsmith status --output " + format));
        }
    }
}
