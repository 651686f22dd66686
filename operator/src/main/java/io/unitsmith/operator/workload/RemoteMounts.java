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
        RemoteMountSpec.Type type = spec.type();
        return type.requiredKeys().isEmpty()
                ? List.of()
                : spec.secretNames().stream()
                        .<SecretCopies.Need>map(
                                name -> new SecretCopies.Keys(FIELD, name, type.requiredKeys(), type.optionalKeys()))
                        .toList();
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
