package io.unitsmith.agent.kind;

import io.unitsmith.agent.mount.Mount;
import io.unitsmith.agent.mount.MountKind;
import io.unitsmith.agent.pool.FpmPool;
import io.unitsmith.agent.pool.PoolKind;
import io.unitsmith.agent.workload.Kind;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.Unread;
import io.unitsmith.api.v1alpha1.UserLimits;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes workloads from what the operator assigned, or from manifests. */
public final class Workloads {

    /** As Kubernetes has them (RFC 1123); checked again here, since paths on the host are made of them. */
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    /** Every kind there is. */
    public static final List<Kind> KINDS = List.of(new PoolKind(), new MountKind());

    private Workloads() {}

    /** The workload of a manifest: without a cluster there are no policies. */
    public static Workload of(WorkloadReference workload, Content content, @Nullable Map<String, byte[]> secret) {
        return of(workload, content, secret, Map.of());
    }

    /**
     * The workload of this content. What this version cannot read in full becomes a workload too: one that claims nothing
     * and whose rendering is refused with {@link Reason#NOT_UNDERSTOOD}.
     *
     * @param secret the data of the Secret that goes with the content; null if there is none
     * @param userLimits what all pools of a user may use together, by user
     */
    public static Workload of(
            WorkloadReference workload,
            Content content,
            @Nullable Map<String, byte[]> secret,
            Map<String, UserLimits> userLimits) {
        List<String> unread = new ArrayList<>(Unread.in("workload", workload));
        @Nullable WorkloadSpec spec = content.spec();
        unread.addAll(Unread.in("spec", spec));
        if (unread.isEmpty()
                && !(NAMESPACE.matcher(workload.namespace()).matches()
                        && NAME.matcher(workload.name()).matches())) {
            unread.add("workload");
        }
        if (spec == null || !unread.isEmpty()) {
            return new NotUnderstood(
                    workload, unread.stream().map(Workloads::problem).toList());
        }
        return switch (spec) {
            case PhpFpmPoolSpec pool ->
                new FpmPool(workload, pool, secret, userLimits.getOrDefault(pool.user(), UserLimits.NONE));
            case RemoteMountSpec mount -> new Mount(workload, mount, secret);
        };
    }

    private static Problem problem(String field) {
        return Problem.of(
                Reason.NOT_UNDERSTOOD,
                field,
                "this agent cannot read the value; it may be older than the operator: upgrade it");
    }
}
