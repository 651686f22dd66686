package io.unitsmith.api.v1alpha1;

/** Names that operator, agent and chart share. */
public final class Group {

    public static final String NAME = "unitsmith.io";
    public static final String VERSION = "v1alpha1";
    public static final String CATEGORY = "unitsmith";

    /** Label on a host's namespace and on everything that the operator makes in it: the host's name. */
    public static final String HOST_LABEL = NAME + "/host";

    /** Label on a HostAssignment, its Secrets and ControllerRevisions: {@link Names#workloadId}. */
    public static final String WORKLOAD_LABEL = NAME + "/workload";

    /** The only finalizer on a workload: the operator's, until no host needs it any more. */
    public static final String FINALIZER = NAME + "/removal";

    private Group() {}
}
