package io.unitsmith.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Where a host without a cluster may have the secrets of its mounts: in files that only root can read, and nowhere else. */
final class MountSecrets {

    private static final String FOLDERS = "/etc /home /opt /root /run /tmp /usr/local /var";

    private MountSecrets() {}

    /** As they are, and as JSON, unit files, the file of davfs2 and Secrets spell them. */
    static List<String> spellings(String secret) {
        String json = Serialization.asJson(secret);
        return Stream.of(
                        secret,
                        json.substring(1, json.length() - 1),
                        secret.replace("%", "%%"),
                        secret.replaceAll("[ \t#\\\\\"]", "\\\\$0"),
                        Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)))
                .distinct()
                .toList();
    }

    static void assertForRootAlone(SecretSearch search) {
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
