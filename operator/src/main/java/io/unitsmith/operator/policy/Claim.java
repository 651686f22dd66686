package io.unitsmith.operator.policy;

import io.unitsmith.api.v1alpha1.Sizes;
import io.unitsmith.api.v1alpha1.TenantPolicySpec;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a spec asks for and that a TenantPolicy has to allow.
 *
 * @param field the field that asks, such as {@code spec.user}
 */
public record Claim(String field, String value, Resource resource) {

    /** The value of a claim to as much as there is, and the entry that allows it. */
    public static final String UNBOUNDED = "unlimited";

    /** What can be claimed. */
    public enum Resource {
        USER("users"),
        GROUP("groups"),
        SOCKET_GROUP("socketGroups"),
        PATH("paths"),
        MOUNT_TYPE("mountTypes"),
        MOUNT_SOURCE("mountSources"),
        HARDENING_PROFILE("hardeningProfiles"),
        MAX_CHILDREN("maximum.maxChildren"),
        MEMORY_MAX("maximum.memoryMax"),
        CPU_QUOTA("maximum.cpuQuota");

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
            case HARDENING_PROFILE ->
                policy.hardeningProfiles().stream()
                        .map(profile -> profile.name().toLowerCase(Locale.ROOT))
                        .toList();
            case MAX_CHILDREN -> bound(policy.maximum().maxChildren());
            case MEMORY_MAX -> bound(policy.maximum().memoryMax());
            case CPU_QUOTA -> bound(policy.maximum().cpuQuota());
        };
    }

    /** Without a bound, everything is allowed. */
    private static List<String> bound(@Nullable Object most) {
        return List.of(most == null ? UNBOUNDED : most.toString());
    }

    boolean isAllowedBy(TenantPolicySpec policy) {
        return entries(policy).stream().anyMatch(this::isCoveredBy);
    }

    private boolean isCoveredBy(String entry) {
        return switch (resource) {
            case USER, GROUP, SOCKET_GROUP, MOUNT_TYPE, HARDENING_PROFILE -> Patterns.matches(entry, value);
            case PATH -> Patterns.isWithin(entry, value);
            case MOUNT_SOURCE -> Patterns.matchesSource(entry, value);
            case MAX_CHILDREN, MEMORY_MAX, CPU_QUOTA -> amount(value) <= amount(entry);
        };
    }

    /** Whether it is to so much of something, and an entry allows as much. */
    boolean isAmount() {
        return switch (resource) {
            case MAX_CHILDREN, MEMORY_MAX, CPU_QUOTA -> true;
            case USER, GROUP, SOCKET_GROUP, PATH, MOUNT_TYPE, MOUNT_SOURCE, HARDENING_PROFILE -> false;
        };
    }

    private long amount(String text) {
        if (text.equals(UNBOUNDED)) {
            return Long.MAX_VALUE;
        }
        return resource == Resource.MEMORY_MAX ? Sizes.bytes(text) : Long.parseLong(text.replace("%", ""));
    }
}
