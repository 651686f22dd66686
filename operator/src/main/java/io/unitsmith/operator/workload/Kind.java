package io.unitsmith.operator.workload;

import io.fabric8.kubernetes.client.CustomResource;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.Content;
import io.unitsmith.api.v1alpha1.WorkloadSpec;
import io.unitsmith.api.v1alpha1.WorkloadStatus;
import io.unitsmith.operator.access.SecretCopies;
import io.unitsmith.operator.policy.Claim;
import io.unitsmith.operator.status.Summary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the one reconciler has to know of a kind of workload. */
public interface Kind<R extends CustomResource<S, T>, S extends WorkloadSpec, T extends WorkloadStatus> {

    Class<R> type();

    Class<S> specType();

    /** An object of this kind with nothing in it. */
    R blank();

    /** What a TenantPolicy has to allow; never empty. */
    List<Claim> claims(S spec);

    /** The Secrets whose keys hosts need, if any, and the fields that name them. */
    List<SecretCopies.Need> secrets(S spec);

    /** One revision as it stands in an assignment. */
    Content content(String revision, S spec, @Nullable String secret);

    /** The status of the workload of this name. */
    T status(String namespace, String name, Summary summary);
}
