package io.unitsmith.operator.workload;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.RemoteMount;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.RemoteMountStatus;
import io.unitsmith.operator.access.SecretCopies;
import io.unitsmith.operator.policy.Claim;
import io.unitsmith.operator.policy.Claim.Resource;
import io.unitsmith.operator.status.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kind RemoteMount. */
public final class RemoteMounts implements Kind<RemoteMount, RemoteMountSpec, RemoteMountStatus> {

    private static final String FIELD = "spec.credentials.secretRef";

    @Override
    public Class<RemoteMount> type() {
        return RemoteMount.class;
    }

    @Override
    public Class<RemoteMountSpec> specType() {
        return RemoteMountSpec.class;
    }

    @Override
    public RemoteMount blank() {
        return new RemoteMount();
    }

    @Override
    public List<Claim> claims(RemoteMountSpec spec) {
        return List.of(
                new Claim("spec.path", spec.path(), Resource.PATH),
                new Claim("spec.type", spec.type().name().toLowerCase(Locale.ROOT), Resource.MOUNT_TYPE),
                new Claim("spec.source", spec.source(), Resource.MOUNT_SOURCE));
    }

    @Override
    public List<SecretCopies.Need> secrets(RemoteMountSpec spec) {
        return spec.secretNames().stream()
                .flatMap(name -> need(spec.type(), name).stream())
                .toList();
    }

    private static Optional<SecretCopies.Need> need(RemoteMountSpec.Type type, String name) {
        return switch (type) {
            case SSHFS ->
                Optional.of(new SecretCopies.Keys(FIELD, name, List.of("privateKey", "knownHosts"), List.of()));
            case CIFS ->
                Optional.of(new SecretCopies.Keys(FIELD, name, List.of("username", "password"), List.of("domain")));
            case NFS4 -> Optional.empty();
        };
    }

    @Override
    public Content content(String revision, RemoteMountSpec spec, @Nullable String secret) {
        return new Content(revision, null, spec, secret);
    }

    @Override
    public RemoteMountStatus status(String namespace, String name, Summary summary) {
        Summary.Counts counts = summary.counts();
        return new RemoteMountStatus(
                summary.generation(),
                summary.state(),
                summary.revision(),
                summary.message(),
                new RemoteMountStatus.HostCounts(
                        counts.desired(),
                        counts.staged(),
                        counts.updated(),
                        counts.ready(),
                        counts.mounted(),
                        counts.failed(),
                        counts.unreachable(),
                        counts.removing()),
                summary.problems(),
                summary.conditions());
    }
}
