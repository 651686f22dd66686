package io.unitsmith.agent.workload;

import java.util.List;

/**
 * What a workload lays claim to on a host, each with the field that says so.
 *
 * @param exclusive names that only one workload of the host can have, such as a mount point: two that want the same are a Conflict
 */
public record Claims(List<Claim> users, List<Claim> groups, List<Claim> mountPoints, List<Claim> exclusive) {

    /** One claim: the value, and the field that it stands in, such as {@code spec.user}. */
    public record Claim(String field, String value) {}
}
