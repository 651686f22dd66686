package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.CredentialFolder;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.SecretText;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a pool that come from Secrets. They are in an EnvironmentFile= that root alone can read: systemd hands
 * them to the master, and its configuration has no more than their names ({@code env[X] = $Y}, fpm_env.c).
 *
 * <p>In the master's own environment each has a prefix, so that no key of a Secret can be FPM_SOCKETS or LD_PRELOAD there,
 * and none begins with {@code $pool}.
 */
final class SecretEnvironment {

    static final String FILE = "environment";

    private static final String PREFIX = "FROM_SECRET_";
    private static final Pattern KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
    /** What a backslash keeps from being anything but itself between double quotes (env-file.c). */
    private static final Pattern SPECIAL = Pattern.compile("[\"\\\\`$]");

    /** The kernel takes no longer string (MAX_ARG_STRLEN), and this leaves room for the name. */
    private static final int MOST_BYTES = 128 * 1024 - 256;

    private final WorkloadReference workload;
    private final PhpFpmPoolSpec spec;
    private final @Nullable Map<String, byte[]> secret;

    /** @param secret the data of all of them; null if one of them is not there */
    SecretEnvironment(WorkloadReference workload, PhpFpmPoolSpec spec, @Nullable Map<String, byte[]> secret) {
        this.workload = workload;
        this.spec = spec;
        this.secret = secret;
    }

    /** What stands against it; never with a value. */
    void check(Problems problems) {
        if (spec.envFrom().isEmpty()) {
            return;
        }
        if (secret == null) {
            problems.add(
                    Reason.SECRET_NOT_FOUND,
                    field(spec),
                    spec.secretNames().size() == 1
                            ? "no %s in the pool's namespace: create it".formatted(names())
                            : "not all of %s are in the pool's namespace: create them".formatted(names()));
            return;
        }
        new TreeMap<>(secret)
                .forEach((key, value) -> fault(key, value)
                        .ifPresent(fault -> problems.add(
                                Reason.SECRET_INVALID,
                                field(spec),
                                "key \"%s\" of %s %s".formatted(key, names(), fault))));
    }

    private static Optional<String> fault(String key, byte[] value) {
        if (!KEY.matcher(key).matches()) {
            return Optional.of("is no name of a variable: at most 100 letters, digits and _, no digit first");
        }
        Optional<String> text = SecretText.of(value);
        if (text.isEmpty()) {
            return Optional.of("is not UTF-8 text");
        } else if (text.get().codePoints().anyMatch(SecretEnvironment::isNoCharacter)) {
            return Optional.of("has a NUL in it, or a code point that is no character, such as U+FFFE");
        }
        return value.length > MOST_BYTES
                ? Optional.of("has %d bytes; at most %d can be in a variable".formatted(value.length, MOST_BYTES))
                : Optional.empty();
    }

    /** What systemd does not take for text either (utf8.c, unichar_is_valid). */
    private static boolean isNoCharacter(int codePoint) {
        return codePoint == 0 || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF) || (codePoint & 0xFFFE) == 0xFFFE;
    }

    /** The variables as the configuration has them: name to value. Those of {@code spec.env} come first. */
    Map<String, String> references() {
        Map<String, String> references = new TreeMap<>();
        data().keySet().stream()
                .filter(key -> !spec.env().containsKey(key))
                .forEach(key -> references.put(key, "$" + PREFIX + key));
        return references;
    }

    Optional<File> file() {
        if (spec.envFrom().isEmpty()) {
            return Optional.empty();
        }
        var text = new StringBuilder();
        new TreeMap<>(data())
                .forEach((key, value) -> text.append(PREFIX)
                        .append(key)
                        .append("=\"")
                        .append(SPECIAL.matcher(SecretText.of(value).orElseThrow())
                                .replaceAll("\\\\$0"))
                        .append("\"\n"));
        return Optional.of(new File(path(), Layer.CREDENTIAL, Effect.REPLACE_PAYLOAD, text.toString(), 0600, null));
    }

    String path() {
        return CredentialFolder.of(workload) + FILE;
    }

    /** The field that names the Secret; of several the host does not know which one a key is from. */
    static String field(PhpFpmPoolSpec spec) {
        return spec.envFrom().size() == 1 ? "spec.envFrom[0].secretRef.name" : "spec.envFrom";
    }

    private String names() {
        List<String> names =
                spec.secretNames().stream().map(name -> '"' + name + '"').toList();
        return (names.size() == 1 ? "Secret " : "the Secrets ") + String.join(", ", names);
    }

    private Map<String, byte[]> data() {
        return secret == null || spec.envFrom().isEmpty() ? Map.of() : secret;
    }
}
