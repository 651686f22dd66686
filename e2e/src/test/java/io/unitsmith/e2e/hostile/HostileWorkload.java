package io.unitsmith.e2e.hostile;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unitsmith.agent.ceiling.Ceiling;
import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.kind.Workloads;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A workload with hostile fields, and the host it is for: what an agent makes of it, without the API server, whose schema
 * would have refused some of it before.
 *
 * @param facts of the host, which may be hostile too: a home, the path of a binary
 * @param secret the Secret's data
 */
record HostileWorkload(
        int index, WorkloadReference reference, Content content, HostFacts facts, Map<String, byte[]> secret) {

    static final String USER = "alice";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, Object> SOCKET = Map.of("group", "www-data", "mode", "0660", "backlog", 511);
    private static final Map<String, Object> ONDEMAND =
            Map.of("type", "ondemand", "maxChildren", 5, "idleTimeout", "10s", "maxRequests", 500, "maxSpawnRate", 32);

    /** The types of mounts, each with what a source of it begins with. */
    private static final Map<String, String> SERVERS = Map.of(
            "nfs", "host:/",
            "nfs4", "host:/",
            "cifs", "//host/s",
            "smb3", "//host/s",
            "sshfs", "files@host:/",
            "davfs", "https://host/",
            "s3fs", "bucket:/",
            "glusterfs", "host:/v",
            "ceph", "host:/");

    static HostileWorkload of(long seed, int index) {
        HostileText hostile = new HostileText(seed, index);
        return index % 2 == 0 ? mount(hostile, index) : pool(hostile, index);
    }

    /** A pool of the usual host with just this in its spec, and variables from a Secret. */
    static HostileWorkload pool(int index, Map<String, Object> fields, Map<String, byte[]> secret) {
        Map<String, Object> spec = usualPool();
        spec.put("envFrom", List.of(Map.of("secretRef", Map.of("name", "variables"))));
        spec.putAll(fields);
        return pool(index, "h", "p" + index, spec, facts("/usr/sbin/php-fpm8.4", "/home/" + USER), secret);
    }

    /** What comes of it: files and units, or what stands against it; the host's ceiling is asked first, as the agent does. */
    Optional<Rendering> rendering() {
        return problems().isEmpty() && workload().render(facts) instanceof Workload.Rendered(Rendering rendering)
                ? Optional.of(rendering)
                : Optional.empty();
    }

    List<Problem> problems() {
        List<Problem> denied = Ceiling.DEFAULT.check(workload().claims(), facts);
        if (!denied.isEmpty()) {
            return denied;
        }
        return workload().render(facts) instanceof Workload.Refused(List<Problem> problems) ? problems : List.of();
    }

    PhpFpmPoolSpec pool() {
        return content.phpFpmPool();
    }

    RemoteMountSpec mount() {
        return content.remoteMount();
    }

    boolean isMount() {
        return content.remoteMount() != null;
    }

    private Workload workload() {
        return Workloads.of(reference, content, secret);
    }

    private static HostileWorkload mount(HostileText hostile, int index) {
        String type = hostile.oneOf(SERVERS.keySet().stream().sorted().toList());
        String server = SERVERS.get(type);
        int shell = type.equals("glusterfs") ? 4 : 1; // whose helper is a script that takes next to nothing
        List<String> options = new ArrayList<>();
        if (hostile.oneIn(3)) {
            options.add(hostile.orUsually(4, "noexec"));
        }
        if (hostile.oneIn(3) && !Set.of("davfs", "s3fs", "glusterfs", "ceph").contains(type)) {
            options.add("port=" + hostile.orUsually(4, "2049"));
        }
        if (type.equals("ceph")) {
            options.add("name=files");
        }
        Map<String, Object> spec = new HashMap<>(Map.of(
                "type",
                type,
                "source",
                hostile.oneIn(8) ? hostile.text() : server + hostile.orUsually(shell, "v"),
                "path",
                hostile.oneIn(10) ? hostile.text() : "/srv/h" + index + "/" + hostile.orUsually(shell, "v"),
                "options",
                options,
                "readOnly",
                hostile.oneIn(2),
                "automount",
                Map.of("enabled", !hostile.oneIn(4), "idleTimeout", hostile.orUsually(20, "5m")),
                "mountTimeout",
                hostile.orUsually(20, "30s")));
        if (!Set.of("nfs", "nfs4", "glusterfs").contains(type)) {
            spec.put("credentials", Map.of("secretRef", Map.of("name", "login")));
        }
        Map<String, byte[]> secret = new HashMap<>();
        Map.of(
                        "privateKey", "-----BEGIN " + hostile.text(),
                        "knownHosts", "host " + hostile.text(),
                        "username", hostile.orUsually(3, "files"),
                        "password", hostile.text(),
                        "domain", hostile.orUsually(3, "WORKGROUP"),
                        "accessKey", hostile.orUsually(3, "AKIA"),
                        "secretKey", hostile.orUsually(3, "a2V5"))
                .forEach((key, value) -> secret.put(key, value.getBytes(StandardCharsets.UTF_8)));
        return new HostileWorkload(
                index,
                new WorkloadReference("RemoteMount", "h", "m" + index, "uid"),
                new Content("r", null, JSON.convertValue(spec, RemoteMountSpec.class), "login"),
                facts("/usr/sbin/php-fpm8.4", "/home/" + USER),
                secret);
    }

    private static HostileWorkload pool(HostileText hostile, int index) {
        Map<String, Object> spec = usualPool();
        spec.put("user", hostile.orUsually(20, USER));
        spec.put("phpVersion", hostile.orUsually(30, "8.4"));
        if (hostile.oneIn(20)) {
            spec.put("group", hostile.text());
        }
        if (hostile.oneIn(15)) {
            spec.put("socket", Map.of("group", "www-data", "mode", hostile.text(), "backlog", 77));
        }
        if (hostile.oneIn(20)) {
            spec.put("requestTerminateTimeout", hostile.text());
        }
        if (hostile.oneIn(2)) {
            spec.put("chdir", hostile.orUsually(5, "/home/" + hostile.text()));
        }
        if (hostile.oneIn(5)) {
            spec.put("limitExtensions", List.of(".php", "." + hostile.text()));
        }
        if (hostile.oneIn(3)) {
            spec.put("hardening", hardening(hostile));
        }
        if (hostile.oneIn(4)) {
            spec.put(
                    "accessLog",
                    Map.of("enabled", true, "format", hostile.text(), "suppressPaths", List.of("/" + hostile.plain())));
        }
        if (hostile.oneIn(4)) {
            spec.put(
                    "monitoring",
                    Map.of(
                            "statusPath",
                            hostile.orUsually(10, "/status"),
                            "pingPath",
                            "/ping",
                            "pingResponse",
                            hostile.text()));
        }
        spec.put("env", settings(hostile));
        spec.put("phpValues", settings(hostile));
        spec.put("phpAdminValues", settings(hostile));
        return pool(
                index,
                hostile.orUsually(30, "h"),
                hostile.orUsually(30, "p" + index),
                spec,
                facts(
                        hostile.oneIn(4) ? "/opt/" + hostile.text() + "/php-fpm" : "/usr/sbin/php-fpm8.4",
                        hostile.oneIn(4) ? "/home/" + hostile.text() : "/home/" + USER),
                Map.of());
    }

    private static Map<String, Object> hardening(HostileText hostile) {
        return Map.of(
                "profile",
                "standard",
                "umask",
                hostile.orUsually(20, "0027"),
                "readWritePaths",
                List.of("/srv/" + hostile.text(), "/home/w/" + hostile.plain()),
                "openBasedir",
                List.of("/srv/" + hostile.orUsually(2, "b"), "/tmp"));
    }

    private static HostileWorkload pool(
            int index,
            String namespace,
            String name,
            Map<String, Object> spec,
            HostFacts facts,
            Map<String, byte[]> secret) {
        return new HostileWorkload(
                index,
                new WorkloadReference("PhpFpmPool", namespace, name, "uid"),
                new Content("r", JSON.convertValue(spec, PhpFpmPoolSpec.class), null, null),
                facts,
                secret);
    }

    private static Map<String, Object> usualPool() {
        return new HashMap<>(Map.of(
                "user", USER,
                "phpVersion", "8.4",
                "socket", SOCKET,
                "processManager", ONDEMAND,
                "limitExtensions", List.of(".php")));
    }

    private static Map<String, String> settings(HostileText hostile) {
        Map<String, String> settings = new HashMap<>();
        for (int i = hostile.random().nextInt(2); i > 0; i--) {
            settings.put(hostile.orUsually(15, "key_" + hostile.plain()), hostile.text());
        }
        return settings;
    }

    private static HostFacts facts(String binary, String home) {
        return new HostFacts(
                257,
                Map.of("8.4", new Php("8.4", binary, "8.4.24", true)),
                Map.of(USER, new HostFacts.User(USER, 1001, 1001, USER, Set.of(USER), home)),
                Map.of("www-data", new HostFacts.Group("www-data", 33), USER, new HostFacts.Group(USER, 1001)),
                SERVERS.keySet(),
                Map.of());
    }
}
