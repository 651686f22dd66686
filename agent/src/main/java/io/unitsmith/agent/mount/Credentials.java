package io.unitsmith.agent.mount;

import io.unitsmith.agent.workload.CredentialFolder;
import io.unitsmith.agent.workload.Problems;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import io.unitsmith.agent.workload.Rendering.Trial;
import io.unitsmith.agent.workload.SecretText;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.RemoteMountSpec.RotationPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server asks for: files that only root reads, outside of any unit, since everybody may read those over D-Bus.
 *
 * <p>The path is one for the mount's whole life. A rotated Secret changes the contents only, once the server has taken it
 * in a trial, and counts from the next time that the file system is mounted: a running session keeps working with what it
 * was opened with.
 */
final class Credentials {

    private static final String FIELD = "spec.credentials.secretRef.name";

    private final RemoteMountSpec spec;
    private final FileSystem type;
    private final @Nullable Map<String, byte[]> secret;
    private final String folder;

    /** @param secret the Secret's data; null if there is no such Secret */
    Credentials(WorkloadReference workload, RemoteMountSpec spec, @Nullable Map<String, byte[]> secret) {
        this.spec = spec;
        this.type = FileSystem.of(spec.type());
        this.secret = secret;
        this.folder = CredentialFolder.of(workload);
    }

    /** What stands against them; never with a value. */
    void check(Problems problems) {
        if (spec.credentials() == null) {
            if (areNeeded()) {
                problems.add(Reason.INVALID, "spec.credentials", needed());
            }
        } else if (!areNeeded()) {
            problems.add(Reason.INVALID, "spec.credentials", superfluous());
        } else if (secret == null) {
            problems.add(
                    Reason.SECRET_NOT_FOUND,
                    FIELD,
                    "no Secret \"%s\" in the mount's namespace: create it".formatted(name()));
        } else {
            type.type().requiredKeys().forEach(key -> checkKey(problems, key, secret.get(key), true));
            type.type().optionalKeys().forEach(key -> checkKey(problems, key, secret.get(key), false));
        }
    }

    List<File> entries() {
        if (secret == null || spec.credentials() == null) {
            return List.of();
        }
        Map<String, String> values = new TreeMap<>();
        secret.forEach((key, value) -> {
            if (type.type().requiredKeys().contains(key)
                    || type.type().optionalKeys().contains(key)) {
                values.put(key, SecretText.of(value).orElseThrow());
            }
        });
        return new TreeMap<>(type.files(spec, values, folder))
                .entrySet().stream()
                        .map(file -> new File(
                                folder + file.getKey(), Layer.CREDENTIAL, effect(), file.getValue(), 0600, null))
                        .toList();
    }

    private Effect effect() {
        return spec.rotationPolicy() == RotationPolicy.REMOUNT ? Effect.REPLACE_PAYLOAD : Effect.NONE;
    }

    /** A mount with these, to be tried before they take the place of others; empty if there are none. */
    Optional<Trial> trial(MountUnits units) {
        List<File> files = entries();
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trial(
                        type.unitType(),
                        spec.source(),
                        units.kernelOptions(),
                        files,
                        Durations.seconds(spec.mountTimeout()),
                        unused(Reason.CREDENTIALS_PENDING, "are being tried: those before stay in use"),
                        said -> unused(
                                Reason.CREDENTIALS_FAILED,
                                "do not work yet, since mounting with them failed%s: those before stay in use, and the new ones are tried again every five minutes"
                                        .formatted(said.isEmpty() ? "" : " (" + said.replaceAll("\\s+", " ") + ")"))));
    }

    private Problem unused(Reason reason, String condition) {
        return Problem.of(reason, FIELD, "the new credentials of Secret \"%s\" %s".formatted(name(), condition));
    }

    /** The mount options that name the files, so that the helper asks nobody. */
    List<String> options() {
        return spec.credentials() == null ? List.of() : type.loginOptions(folder);
    }

    private boolean areNeeded() {
        return !type.type().requiredKeys().isEmpty() && !isGuest();
    }

    private boolean isGuest() {
        return type.options().get(Cifs.GUEST) != null && spec.options().contains(Cifs.GUEST);
    }

    private String needed() {
        String guest = type.options().get(Cifs.GUEST) == null ? "" : ", or else the option " + Cifs.GUEST;
        List<String> keys = type.type().requiredKeys();
        return "%s needs credentials: a Secret with the %s %s%s"
                .formatted(type.name(), keys.size() == 1 ? "key" : "keys", String.join(" and ", keys), guest);
    }

    private String superfluous() {
        return isGuest()
                ? "a guest has none: leave them out, or else the option " + Cifs.GUEST
                : type.name() + " takes none, since the server trusts the host: leave them out";
    }

    private void checkKey(Problems problems, String key, byte @Nullable [] value, boolean needed) {
        if (value == null) {
            if (needed) {
                invalid(problems, key, "is missing");
            }
            return;
        }
        Optional<String> text = SecretText.of(value);
        if (text.isEmpty()) {
            invalid(problems, key, "is not UTF-8 text");
        } else if (text.get().isBlank()) {
            invalid(problems, key, "is empty");
        } else if (text.get().indexOf(0) >= 0) {
            invalid(problems, key, "has a NUL in it");
        } else {
            type.secretFault(key, text.get()).ifPresent(fault -> invalid(problems, key, fault));
        }
    }

    private void invalid(Problems problems, String key, String fault) {
        problems.add(Reason.SECRET_INVALID, FIELD, "key \"%s\" of Secret \"%s\" %s".formatted(key, name(), fault));
    }

    private String name() {
        return spec.secretNames().getFirst();
    }
}
