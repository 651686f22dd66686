package io.unitsmith.operator.policy;

import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.TenantPolicySpec;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All TenantPolicies together. What none of them allows is forbidden. */
public final class Permissions {

    private static final int SHOWN_ENTRIES = 8;

    private final List<Policy> policies;
    private final Map<String, Map<String, String>> namespaces;

    /** A TenantPolicy by name. */
    public record Policy(String name, TenantPolicySpec spec) {

        private boolean selects(Map<String, String> namespace, Map<String, String> host) {
            return spec.namespaceSelector().matches(namespace)
                    && spec.hostSelector().matches(host);
        }

        private List<Claim> refused(List<Claim> claims) {
            return claims.stream().filter(claim -> !claim.isAllowedBy(spec)).toList();
        }

        private String text() {
            return "TenantPolicy \"" + name + "\"";
        }
    }

    /** Where a permission is asked for: a host with its labels, and a workload's namespace. */
    public record Place(String namespace, String host, Map<String, String> hostLabels) {}

    /**
     * @param policies those that this version has read in full
     * @param namespaces the labels of every tenant's namespace
     */
    public Permissions(List<Policy> policies, Map<String, Map<String, String>> namespaces) {
        this.policies =
                policies.stream().sorted(Comparator.comparing(Policy::name)).toList();
        this.namespaces = Map.copyOf(namespaces);
    }

    /** Empty if one policy allows all of the claims there; else why not. One policy must do: grants do not add up. */
    public Optional<NotPermitted> refusal(Place place, List<Claim> claims) {
        Map<String, String> labels = labels(place);
        Optional<Policy> nearest = applicable(place)
                .min(Comparator.comparingInt(policy -> policy.refused(claims).size()));
        if (nearest.isEmpty()) {
            return Optional.of(nothingSelects(place, claims.getFirst()));
        }
        List<Claim> refused = nearest.get().refused(claims);
        return refused.isEmpty()
                ? conflict(place, labels, claims, nearest.get())
                : Optional.of(notIn(nearest.get(), refused.getFirst()));
    }

    /**
     * What all pools of each of these users may use together there: of every policy that allows the user the lower bound.
     * Where none does any more it stays as it was. Who has no bound is not in it.
     *
     * @param before what it was so far
     */
    public Map<String, UserLimits> userLimits(Place place, Set<String> users, Map<String, UserLimits> before) {
        Map<String, UserLimits> limits = new TreeMap<>();
        for (String user : users) {
            UserLimits now = userLimits(place, user).orElseGet(() -> before.getOrDefault(user, UserLimits.NONE));
            if (!now.equals(UserLimits.NONE)) {
                limits.put(user, now);
            }
        }
        return limits;
    }

    private Optional<UserLimits> userLimits(Place place, String user) {
        Claim claim = new Claim("spec.user", user, Claim.Resource.USER);
        return applicable(place)
                .filter(policy -> claim.isAllowedBy(policy.spec()))
                .map(policy ->
                        Objects.requireNonNullElse(policy.spec().maximum().perUser(), UserLimits.NONE))
                .reduce(UserLimits::strictest);
    }

    private Stream<Policy> applicable(Place place) {
        Map<String, String> labels = labels(place);
        return policies.stream().filter(policy -> policy.selects(labels, place.hostLabels()));
    }

    private Map<String, String> labels(Place place) {
        return namespaces.getOrDefault(place.namespace(), Map.of());
    }

    private static NotPermitted nothingSelects(Place place, Claim claim) {
        return new NotPermitted(
                Reason.NOT_PERMITTED,
                claim.field(),
                "%s: \"%s\" is not permitted: no TenantPolicy selects namespace \"%s\" together with host \"%s\"; an admin has to make one whose %s allow it"
                        .formatted(claim.field(), claim.value(), place.namespace(), place.host(), claim.list()));
    }

    private static NotPermitted notIn(Policy policy, Claim claim) {
        List<String> allowed = claim.entries(policy.spec());
        String right = allowed.isEmpty()
                ? "which allows none"
                : (claim.isAmount() ? "which allows up to " : "which allows ")
                        + String.join(", ", allowed.subList(0, Math.min(allowed.size(), SHOWN_ENTRIES)))
                        + (allowed.size() > SHOWN_ENTRIES ? ", …" : "");
        return new NotPermitted(
                Reason.NOT_PERMITTED,
                claim.field(),
                "%s: \"%s\" is not permitted by %s of %s, %s"
                        .formatted(claim.field(), claim.value(), claim.list(), policy.text(), right));
    }

    /** A UNIX user belongs to one namespace: it must not be another's by another policy. */
    private Optional<NotPermitted> conflict(
            Place place, Map<String, String> labels, List<Claim> claims, Policy permitting) {
        for (Claim claim : claims) {
            if (claim.resource() == Claim.Resource.USER) {
                for (Policy other : policies) {
                    if (!other.spec().namespaceSelector().matches(labels)
                            && claim.isAllowedBy(other.spec())
                            && namespaces.values().stream()
                                    .anyMatch(namespace -> other.selects(namespace, place.hostLabels()))) {
                        return Optional.of(new NotPermitted(
                                Reason.CONFLICT,
                                claim.field(),
                                "%s: \"%s\" belongs to two tenants on host \"%s\": %s allows it here, %s in other namespaces; an admin has to take it out of one of them"
                                        .formatted(
                                                claim.field(),
                                                claim.value(),
                                                place.host(),
                                                permitting.text(),
                                                other.text())));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
