package io.unitsmith.operator.workload;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPool;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.PhpFpmPoolStatus;
import io.unitsmith.operator.access.SecretCopies;
import io.unitsmith.operator.policy.Claim;
import io.unitsmith.operator.policy.Claim.Resource;
import io.unitsmith.operator.status.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kind PhpFpmPool. */
public final class PhpFpmPools implements Kind<PhpFpmPool, PhpFpmPoolSpec, PhpFpmPoolStatus> {

    @Override
    public Class<PhpFpmPool> type() {
        return PhpFpmPool.class;
    }

    @Override
    public Class<PhpFpmPoolSpec> specType() {
        return PhpFpmPoolSpec.class;
    }

    @Override
    public PhpFpmPool blank() {
        return new PhpFpmPool();
    }

    @Override
    public List<Claim> claims(PhpFpmPoolSpec spec) {
        List<Claim> claims = new ArrayList<>();
        claims.add(new Claim("spec.user", spec.user(), Resource.USER));
        if (spec.group() != null) {
            claims.add(new Claim("spec.group", spec.group(), Resource.GROUP));
        }
        claims.add(new Claim("spec.socket.group", spec.socket().group(), Resource.SOCKET_GROUP));
        if (spec.chdir() != null) {
            claims.add(new Claim("spec.chdir", spec.chdir(), Resource.PATH));
        }
        for (int i = 0; i < spec.hardening().readWritePaths().size(); i++) {
            String path = spec.hardening().readWritePaths().get(i);
            claims.add(new Claim("spec.hardening.readWritePaths[" + i + "]", path, Resource.PATH));
        }
        String profile = spec.hardening().profile().name().toLowerCase(Locale.ROOT);
        claims.add(new Claim("spec.hardening.profile", profile, Resource.HARDENING_PROFILE));
        claims.add(new Claim(
                "spec.processManager.maxChildren",
                spec.processManager().maxChildren().toString(),
                Resource.MAX_CHILDREN));
        claims.add(bounded("spec.resources.memoryMax", spec.resources().memoryMax(), Resource.MEMORY_MAX));
        claims.add(bounded("spec.resources.cpuQuota", spec.resources().cpuQuota(), Resource.CPU_QUOTA));
        return List.copyOf(claims);
    }

    private static Claim bounded(String field, @Nullable String value, Resource resource) {
        return new Claim(field, value == null ? Claim.UNBOUNDED : value, resource);
    }

    @Override
    public List<SecretCopies.Need> secrets(PhpFpmPoolSpec spec) {
        List<SecretCopies.Need> needs = new ArrayList<>();
        for (String name : spec.secretNames()) {
            needs.add(new SecretCopies.Whole("spec.envFrom[%d].secretRef".formatted(needs.size()), name));
        }
        return List.copyOf(needs);
    }

    @Override
    public Content content(String revision, PhpFpmPoolSpec spec, @Nullable String secret) {
        return new Content(revision, spec, null, secret);
    }

    @Override
    public PhpFpmPoolStatus status(String namespace, String name, Summary summary) {
        Summary.Counts counts = summary.counts();
        return new PhpFpmPoolStatus(
                summary.generation(),
                summary.state(),
                summary.revision(),
                summary.message(),
                Names.socketPath(namespace, name),
                new PhpFpmPoolStatus.HostCounts(
                        counts.desired(),
                        counts.staged(),
                        counts.updated(),
                        counts.ready(),
                        counts.idle(),
                        counts.failed(),
                        counts.unreachable(),
                        counts.removing()),
                summary.problems(),
                summary.conditions());
    }
}
