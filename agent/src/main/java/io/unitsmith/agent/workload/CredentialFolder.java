package io.unitsmith.agent.workload;

import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;

/** Where a workload's secrets are on a host: in files of root's, in a folder of root's, outside of any unit. */
public final class CredentialFolder {

    /** All of them, with a slash at the end. */
    public static final String ALL = "/etc/unitsmith/credentials/";

    /** A regular expression for the folder of any workload. */
    public static final String ANY = ALL + "[0-9a-f]{10}/";

    private CredentialFolder() {}

    /** That of one workload, with a slash at the end; it does not tell the workload's name. */
    public static String of(WorkloadReference workload) {
        return ALL + Names.workloadId(workload.kind(), workload.namespace(), workload.name()) + "/";
    }

    /** Whether a path is that of the folder of all, or of one workload, without the slash at its end. */
    public static boolean isFolder(String path) {
        return (path + "/").equals(ALL) || (path + "/").matches(ANY);
    }
}
