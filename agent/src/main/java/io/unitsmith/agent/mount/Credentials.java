package io.unitsmith.agent.mount;

import io.unitsmith.agent.workload.CredentialFolder;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.SecretText;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server asks for: files that only root reads, outside of any unit, since everybody may read those over D-Bus.
 *
 * <p>The path is one for the mount's whole life. A rotated Secret changes the contents only, and counts from the next
 * time that the file system is mounted: a running session keeps working with what it was opened with.
 */
final class Credentials {

    private static final String FIELD = "spec.credentials.secretRef.name";

    private final RemoteMountSpec spec;
    private final @Nullable Map<String, byte[]> secret;
    private final String folder;

    /** @param secret the Secret's data; null if there is no such Secret */
    Credentials(WorkloadReference workload, RemoteMountSpec spec, @Nullable Map<String, byte[]> secret) {
        this.spec = spec;
        this.secret = secret;
        this.folder = CredentialFolder.of(workload);
    }

    /** What stands against them; never with a value. */
    void check(Problems problems) {
        switch (spec.type()) {
            case NFS4 -> {
                if (spec.credentials() != null) {
                    problems.add(
                            Reason.INVALID,
                            "spec.credentials",
                            "nfs4 takes none, since the server trusts the host: leave them out");
                }
            }
            case SSHFS -> {
                if (require(problems, "sshfs needs credentials: a Secret with the keys privateKey and knownHosts")) {
                    checkPrivateKey(problems);
                    checkValue(problems, "knownHosts", true);
                }
            }
            case CIFS -> {
                if (require(problems, "cifs needs credentials: a Secret with the keys username and password")) {
                    checkLine(problems, "username", true);
                    checkLine(problems, "password", true);
                    checkLine(problems, "domain", false);
                }
            }
        }
    }

    List<Entry> entries() {
        return switch (spec.type()) {
            case NFS4 -> List.of();
            case SSHFS ->
                List.of(
                        file("identity", text("privateKey").stripTrailing() + "\n"),
                        file("known_hosts", text("knownHosts").stripTrailing() + "\n"));
            case CIFS -> List.of(file("cifs", cifs()));
        };
    }

    /**
     * The mount options that name the files; without a prompt. Root's own ssh configuration is read all the same (sshfs can
     * be told otherwise only by ssh_command), so what in it could lead the connection elsewhere is set here, which counts
     * first; ProxyCommand stands for ProxyJump too (ssh_config(5)).
     */
    List<String> options() {
        return switch (spec.type()) {
            case NFS4 -> List.of();
            case SSHFS ->
                List.of(
                        "IdentityFile=" + folder + "identity",
                        "IdentitiesOnly=yes",
                        "UserKnownHostsFile=" + folder + "known_hosts",
                        "GlobalKnownHostsFile=/dev/null",
                        "StrictHostKeyChecking=yes",
                        "BatchMode=yes",
                        "ProxyCommand=none",
                        "ControlMaster=no",
                        "ControlPath=none");
            case CIFS -> List.of("credentials=" + folder + "cifs");
        };
    }

    /** mount.cifs takes each value verbatim, up to the line feed (parse_cred_line): no quotes, no spaces around "=". */
    private String cifs() {
        List<String> lines = new ArrayList<>();
        for (String key : List.of("username", "password", "domain")) {
            if (data().containsKey(key)) {
                lines.add(key + "=" + text(key) + "\n");
            }
        }
        return String.join("", lines);
    }

    private boolean require(Problems problems, String message) {
        if (spec.credentials() == null) {
            problems.add(Reason.INVALID, "spec.credentials", message);
        } else if (secret == null) {
            problems.add(
                    Reason.SECRET_NOT_FOUND,
                    FIELD,
                    "no Secret \"%s\" in the mount's namespace: create it".formatted(name()));
        }
        return spec.credentials() != null && secret != null;
    }

    private void checkPrivateKey(Problems problems) {
        if (checkValue(problems, "privateKey", true)
                && !text("privateKey").stripLeading().startsWith("-----BEGIN ")) {
            invalid(problems, "privateKey", "is no private key: it begins with -----BEGIN");
        }
    }

    private void checkLine(Problems problems, String key, boolean needed) {
        if (checkValue(problems, key, needed) && text(key).chars().anyMatch(c -> c == '\n' || c == '\r')) {
            invalid(problems, key, "has a line break in it: take it out, also at the end (echo -n, or stringData)");
        }
    }

    private boolean checkValue(Problems problems, String key, boolean needed) {
        if (!data().containsKey(key)) {
            if (needed) {
                invalid(problems, key, "is missing");
            }
            return false;
        }
        Optional<String> text = decode(key);
        if (text.isEmpty()) {
            invalid(problems, key, "is not UTF-8 text");
        } else if (text.get().isBlank()) {
            invalid(problems, key, "is empty");
        } else if (text.get().indexOf(0) >= 0) {
            invalid(problems, key, "has a NUL in it");
        } else {
            return true;
        }
        return false;
    }

    private void invalid(Problems problems, String key, String fault) {
        problems.add(Reason.SECRET_INVALID, FIELD, "key \"%s\" of Secret \"%s\" %s".formatted(key, name(), fault));
    }

    private String name() {
        return spec.secretNames().getFirst();
    }

    private Map<String, byte[]> data() {
        return Objects.requireNonNull(secret);
    }

    private String text(String key) {
        return decode(key).orElseThrow();
    }

    private Optional<String> decode(String key) {
        return SecretText.of(Objects.requireNonNull(data().get(key)));
    }

    private File file(String name, String content) {
        return new File(folder + name, Layer.CREDENTIAL, Effect.NONE, content, 0600, null);
    }
}
