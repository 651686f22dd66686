package io.unitsmith.e2e.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.testbed.ContainerHost;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A host without an agent: what was rendered is put there as it is, and systemd and PHP say what they make of it. */
final class HostileHost {

    private static final String WRITE = """
            foreach (json_decode(stream_get_contents(STDIN), true) as $path => $content) {
                is_dir(dirname($path)) or mkdir(dirname($path), 0755, true) or exit(1);
                file_put_contents($path, $content) === strlen($content) or exit(1);
            }
            """;
    private static final String MAKE_FOLDERS = """
            foreach (json_decode(stream_get_contents(STDIN)) as $path) {
                is_dir($path) or mkdir($path, 0755, true) or exit(1);
            }
            """;
    private static final String READ_AND_DELETE = """
            $found = [];
            foreach (glob("$argv[1]/*") as $file) {
                $found[] = base64_encode(file_get_contents($file));
                unlink($file);
            }
            echo json_encode($found);
            """;
    private static final String ALL_PROPERTIES = """
            while read -r unit; do
                busctl --json=short call org.freedesktop.systemd1 "/org/freedesktop/systemd1/unit/$unit" \\
                    org.freedesktop.DBus.Properties GetAll s "" || exit 1
            done
            """;

    private final ContainerHost host;

    HostileHost(ContainerHost host) {
        this.host = host;
    }

    ContainerHost host() {
        return host;
    }

    /** Files of the renderings, at their paths; more than one may have the same. */
    void write(Collection<Rendering> renderings) {
        Map<String, String> files = new TreeMap<>();
        renderings.forEach(rendering -> rendering.entries().forEach(entry -> {
            if (entry instanceof File file) {
                files.put(file.path(), file.content());
            }
        }));
        php(WRITE, files);
    }

    void makeFolders(Collection<String> paths) {
        php(MAKE_FOLDERS, paths);
    }

    void clean() {
        host.sh(
                        "systemctl stop 'unitsmith-fpm@*'; rm -rf /etc/systemd/system/*.mount /etc/systemd/system/*.automount /etc/systemd/system/unitsmith-fpm@*"
                                + " /etc/unitsmith; systemctl daemon-reload; systemctl reset-failed")
                .output();
    }

    private void php(String program, Object input) {
        host.execWithInput(Serialization.asJson(input), "php", "-r", program).output();
    }

    /** Every D-Bus property of these units, as {@code busctl} prints them: the data alone, without its type. */
    Map<String, Map<String, JsonNode>> properties(Collection<String> units) {
        List<String> names = List.copyOf(units);
        String objects =
                String.join("\n", names.stream().map(HostileHost::objectName).toList()) + "\n";
        List<String> answers = host.execWithInput(objects, "sh", "-c", ALL_PROPERTIES)
                .output()
                .lines()
                .toList();
        Map<String, Map<String, JsonNode>> properties = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Map<String, JsonNode> ofUnit = new LinkedHashMap<>();
            Serialization.unmarshal(answers.get(i), JsonNode.class)
                    .path("data")
                    .path(0)
                    .properties()
                    .forEach(property ->
                            ofUnit.put(property.getKey(), property.getValue().path("data")));
            properties.put(names.get(i), ofUnit);
        }
        return properties;
    }

    /** As sd_bus_path_encode does it. */
    private static String objectName(String unit) {
        var name = new StringBuilder();
        for (byte b : unit.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9' && !name.isEmpty());
            name.append(plain ? String.valueOf((char) b) : "_%02x".formatted(b));
        }
        return name.toString();
    }

    /** Puts programs in the place of all mount helpers that keep their arguments, and mount nothing. */
    void fakeMountHelpers() {
        host.sh("""
                rm -rf /run/arguments; mkdir /run/arguments
                for type in nfs nfs4 cifs smb3 davfs glusterfs ceph fuse.sshfs fuse.s3fs; do
                    rm -f /sbin/mount.$type
                    printf '#!/bin/sh\\nprintf "%%s\\\\0" "$@" >"$(mktemp /run/arguments/.XXXXXXXX)"\\nexit 32\\n' >/sbin/mount.$type
                    chmod 755 /sbin/mount.$type
                done
                """).output();
    }

    int recorded() {
        return Integer.parseInt(host.sh("ls -A /run/arguments | wc -l").output().strip());
    }

    /** The arguments of every mount helper that ran. */
    List<List<String>> arguments() {
        host.sh("cd /run/arguments && for file in .??*; do mv \"$file\" \"${file#.}\"; done")
                .output();
        JsonNode found = Serialization.unmarshal(
                host.exec("php", "-r", READ_AND_DELETE, "/run/arguments").output(), JsonNode.class);
        List<List<String>> arguments = new ArrayList<>();
        found.forEach(one -> arguments.add(List.of(decode(one.asText()).split("\0"))));
        return arguments;
    }

    static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
