package io.unitsmith.operator.policy;

import io.unitsmith.api.v1alpha1.TenantPolicySpec;
import java.util.List;
import java.util.Locale;

/**
 * One thing that a spec asks for and that a TenantPolicy has to allow.
 *
 * @param field the field that asks, such as {@code spec.user}
 */
public record Claim(String field, String value, Resource resource) {

    /** What can be claimed. */
    public enum Resource {
        USER("users"),
        GROUP("groups"),
        SOCKET_GROUP("socketGroups"),
        PATH("paths"),
        MOUNT_TYPE("mountTypes"),
        MOUNT_SOURCE("mountSources");

        private final String list;

        Resource(String list) {
            this.list = list;
        }
    }

    /** The field of a TenantPolicy that allows such claims. */
    String list() {
        return "spec." + resource.list;
    }

    /** What that field has. */
    List<String> entries(TenantPolicySpec policy) {
        return switch (resource) {
            case USER -> policy.users();
            case GROUP -> policy.groups();
            case SOCKET_GROUP -> policy.socketGroups();
            case PATH -> policy.paths();
            case MOUNT_TYPE ->
                policy.mountTypes().stream()
                        .map(type -> type.name().toLowerCase(Locale.ROOT))
                        .toList();
            case MOUNT_SOURCE -> policy.mountSources();
        };
    }

    boolean isAllowedBy(TenantPolicySpec policy) {
        return entries(policy).stream().anyMatch(this::isCoveredBy);
    }

    private boolean isCoveredBy(String entry) {
        return switch (resource) {
            case USER, GROUP, SOCKET_GROUP, MOUNT_TYPE -> Patterns.matches(entry, value);
            case PATH -> Patterns.isWithin(entry, value);
            case MOUNT_SOURCE -> Patterns.matchesSource(entry, value);
        };
    }
}
