package io.unitsmith.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import io.unitsmith.api.v1alpha1.Selector;
import io.unitsmith.api.v1alpha1.TenantPolicySpec;
import io.unitsmith.api.v1alpha1.UserLimits;
import io.unitsmith.operator.policy.Claim.Resource;
import io.unitsmith.operator.policy.Permissions.Place;
import io.unitsmith.operator.policy.Permissions.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {

    private static final Place SHOP = new Place("shop", "web-1", Map.of("role", "web"));
    private static final Map<String, Map<String, String>> NAMESPACES =
            Map.of("shop", Map.of("customer", "a"), "blog", Map.of("customer", "b"));
    private static final Claim ALICE = new Claim("spec.user", "alice", Resource.USER);

    @Test
    void nothingIsAllowedWithoutAPolicy() {
        assertThat(refusal(List.of(), ALICE)).hasValueSatisfying(refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.NOT_PERMITTED);
            assertThat(refusal.field()).isEqualTo("spec.user");
            assertThat(refusal.message())
                    .contains("spec.user: \"alice\"", "no TenantPolicy", "\"shop\"", "\"web-1\"", "spec.users");
        });
    }

    @Test
    void aPolicyForOtherHostsOrNamespacesAllowsNothing() {
        Policy otherHosts = new Policy("p", policy("customer", "a", "role", "db", List.of("alice"), List.of()));
        Policy otherTenant = new Policy("q", policy("customer", "b", "role", "web", List.of("bob"), List.of()));
        assertThat(refusal(List.of(otherHosts, otherTenant), ALICE)).isPresent();
    }

    @Test
    void aClaimThatAPolicyListsIsAllowed() {
        assertThat(refusal(List.of(forA("p", List.of("alice"), List.of())), ALICE))
                .isEmpty();
    }

    @Test
    void aRefusalNamesFieldValuePolicyAndWhatWouldBeRight() {
        assertThat(refusal(List.of(forA("p", List.of("bob", "a-*"), List.of())), ALICE))
                .hasValueSatisfying(
                        refusal -> assertThat(refusal.message())
                                .isEqualTo(
                                        "spec.user: \"alice\" is not permitted by spec.users of TenantPolicy \"p\", which allows bob, a-*"));
    }

    @Test
    void onePolicyHasToAllowAllGrantsDoNotAddUp() {
        Claim chdir = new Claim("spec.chdir", "/srv/x", Resource.PATH);
        Policy user = forA("a-user", List.of("alice"), List.of());
        Policy path = forA("b-path", List.of(), List.of("/srv"));
        assertThat(refusal(List.of(user, path), ALICE, chdir)).isPresent();
        assertThat(refusal(List.of(forA("both", List.of("alice"), List.of("/srv"))), ALICE, chdir))
                .isEmpty();
    }

    @Test
    void theNearestPolicyIsTheOneThatIsNamed() {
        Claim chdir = new Claim("spec.chdir", "/etc", Resource.PATH);
        Policy far = forA("a-far", List.of(), List.of());
        Policy near = forA("b-near", List.of("alice"), List.of());
        assertThat(refusal(List.of(far, near), ALICE, chdir)).hasValueSatisfying(refusal -> {
            assertThat(refusal.field()).isEqualTo("spec.chdir");
            assertThat(refusal.message()).contains("\"b-near\"", "allows none");
        });
    }

    @Test
    void aUserThatAnotherNamespaceMayHaveTooIsAConflict() {
        Policy mine = forA("mine", List.of("alice"), List.of());
        Policy theirs = new Policy("theirs", policy("customer", "b", "role", "web", List.of("a*"), List.of()));
        assertThat(refusal(List.of(mine, theirs), ALICE)).hasValueSatisfying(refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
            assertThat(refusal.message()).contains("\"mine\"", "\"theirs\"", "\"alice\"");
        });
    }

    @Test
    void aUserOfAnotherPolicyIsNoConflictWhereThatHasNoNamespaceOrOtherHosts() {
        Policy mine = forA("mine", List.of("alice"), List.of());
        Policy nobodys = new Policy("nobodys", policy("customer", "z", "role", "web", List.of("alice"), List.of()));
        Policy elsewhere = new Policy("elsewhere", policy("customer", "b", "role", "db", List.of("alice"), List.of()));
        assertThat(refusal(List.of(mine, nobodys, elsewhere), ALICE)).isEmpty();
    }

    @Test
    void aMountTypeIsNamedAsInTheApi() {
        Policy policy = new Policy(
                "p",
                new TenantPolicySpec(
                        labels("customer", "a"),
                        labels("role", "web"),
                        null,
                        null,
                        null,
                        null,
                        List.of(RemoteMountSpec.Type.SSHFS),
                        null,
                        null,
                        null));
        assertThat(refusal(List.of(policy), new Claim("spec.type", "sshfs", Resource.MOUNT_TYPE)))
                .isEmpty();
        assertThat(refusal(List.of(policy), new Claim("spec.type", "cifs", Resource.MOUNT_TYPE)))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "MAX_CHILDREN,  50,    50,         true",
        "MAX_CHILDREN,  50,    51,         false",
        "MEMORY_MAX,    2Gi,   2048Mi,     true",
        "MEMORY_MAX,    2Gi,   2049Mi,     false",
        "MEMORY_MAX,    2Gi,   unlimited,  false",
        "CPU_QUOTA,     400%,  400%,       true",
        "CPU_QUOTA,     400%,  401%,       false",
        "CPU_QUOTA,     400%,  unlimited,  false",
    })
    void aBoundAllowsAsMuchAndNoMore(Resource resource, String most, String value, boolean allowed) {
        var maximum = new TenantPolicySpec.Maximum(
                resource == Resource.MAX_CHILDREN ? Integer.valueOf(most) : null,
                resource == Resource.MEMORY_MAX ? most : null,
                resource == Resource.CPU_QUOTA ? most : null,
                null);
        Policy policy = new Policy("p", bounded(maximum));
        Optional<NotPermitted> refusal = refusal(List.of(policy), new Claim("spec.field", value, resource));
        assertThat(refusal.isEmpty()).isEqualTo(allowed);
        refusal.ifPresent(why -> assertThat(why.message())
                .contains("spec.field: \"" + value + "\" is not permitted by spec.maximum.", "allows up to " + most));
    }

    @ParameterizedTest
    @CsvSource({"MAX_CHILDREN, 10000", "MEMORY_MAX, unlimited", "CPU_QUOTA, unlimited"})
    void whereThereIsNoBoundEverythingIsAllowed(Resource resource, String value) {
        assertThat(refusal(List.of(forA("p", List.of(), List.of())), new Claim("spec.field", value, resource)))
                .isEmpty();
    }

    @Test
    void ofAllPoliciesThatAllowAUserTheLowerBoundHolds() {
        Policy first = limiting("p", "alice", new UserLimits("2Gi", "400%", null));
        Policy second = limiting("q", "a*", new UserLimits("3072Mi", "200%", 500));
        Policy othersOnly = limiting("r", "bob", new UserLimits("1Mi", "1%", 2));
        assertThat(limits(List.of(first, second, othersOnly), Map.of()))
                .containsExactly(Map.entry("alice", new UserLimits("2Gi", "200%", 500)));
    }

    @Test
    void aPolicyWithoutABoundTakesAwayNoneOfAnother() {
        Policy bounded = limiting("p", "alice", new UserLimits("2Gi", null, null));
        assertThat(limits(List.of(bounded, forA("q", List.of("alice"), List.of())), Map.of()))
                .containsExactly(Map.entry("alice", new UserLimits("2Gi", null, null)));
    }

    @Test
    void withoutABoundAUserHasNoLimitsWhateverTheyWere() {
        Map<String, UserLimits> before = Map.of("alice", new UserLimits("2Gi", null, null));
        assertThat(limits(List.of(forA("q", List.of("alice"), List.of())), before))
                .isEmpty();
    }

    @Test
    void limitsStayAsTheyWereWhenNoPolicyAllowsTheUserAnyMore() {
        Map<String, UserLimits> before = Map.of("alice", new UserLimits("2Gi", null, null));
        Policy elsewhere = new Policy("p", policy("customer", "a", "role", "db", List.of("alice"), List.of()));
        assertThat(limits(List.of(elsewhere), before)).isEqualTo(before);
        assertThat(limits(List.of(limiting("p", "bob", new UserLimits("1Mi", null, null))), before))
                .isEqualTo(before);
        assertThat(limits(List.of(), Map.of())).isEmpty();
    }

    private static Map<String, UserLimits> limits(List<Policy> policies, Map<String, UserLimits> before) {
        return new Permissions(policies, NAMESPACES).userLimits(SHOP, Set.of("alice"), before);
    }

    private static Policy limiting(String name, String user, UserLimits perUser) {
        var maximum = new TenantPolicySpec.Maximum(null, null, null, perUser);
        return new Policy(
                name,
                new TenantPolicySpec(
                        labels("customer", "a"),
                        labels("role", "web"),
                        List.of(user),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        maximum));
    }

    @Test
    void aPolicyThatNamesNoSandboxAllowsAllButNone() {
        Policy policy = forA("p", List.of(), List.of());
        assertThat(refusal(List.of(policy), new Claim("f", "standard", Resource.HARDENING_PROFILE)))
                .isEmpty();
        assertThat(refusal(List.of(policy), new Claim("f", "strict", Resource.HARDENING_PROFILE)))
                .isEmpty();
        assertThat(refusal(List.of(policy), new Claim("f", "none", Resource.HARDENING_PROFILE)))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "/srv,          /srv,            true",
        "/srv,          /srv/a/b,        true",
        "/srv/,         /srv/a,          true",
        "/srv,          /srv//./a,       true",
        "/,             /anything,       true",
        "/srv,          /srvx,           false",
        "/srv/a,        /srv,            false",
        "/srv,          /srv/../etc,     false",
        "/srv,          srv/a,           false",
    })
    void pathsAreComparedByComponent(String directory, String path, boolean within) {
        assertThat(Patterns.isWithin(directory, path)).isEqualTo(within);
    }

    @ParameterizedTest
    @CsvSource({
        "alice,                alice,                      true",
        "alice,                alicex,                     false",
        "a-*,                  a-1,                        true",
        "a-*,                  ba-1,                       false",
        "*,                    root,                       true",
        "a.c,                  abc,                        false",
        "//files.example/*,    //files.example/a/b,        true",
        "//files.example/*,    //files.example.evil/a,     false",
    })
    void aStarStandsForAnyCharactersAndAllElseForItself(String pattern, String value, boolean matches) {
        assertThat(Patterns.matches(pattern, value)).isEqualTo(matches);
    }

    @Test
    void aSourceThatClimbsIsCoveredByNoPattern() {
        assertThat(Patterns.matchesSource("u@h:/data/*", "u@h:/data/x")).isTrue();
        assertThat(Patterns.matchesSource("u@h:/data/*", "u@h:/data/..x/a..")).isTrue();
        assertThat(Patterns.matchesSource("u@h:/data/*", "u@h:/data/../etc")).isFalse();
        assertThat(Patterns.matchesSource("u@h:*", "u@h:../etc")).isFalse();
        assertThat(Patterns.matchesSource("//h/data/*", "//h/data/x\\..\\..\\etc"))
                .isFalse();
        assertThat(Patterns.matchesSource("https://h/data/*", "https://h/data/%2e%2E/etc"))
                .isFalse();
        assertThat(Patterns.matchesSource("https://h/data/*", "https://h/data/x%2F.%2e%5cetc"))
                .isFalse();
    }

    private static Optional<NotPermitted> refusal(List<Policy> policies, Claim... claims) {
        return new Permissions(policies, NAMESPACES).refusal(SHOP, List.of(claims));
    }

    private static Policy forA(String name, List<String> users, List<String> paths) {
        return new Policy(name, policy("customer", "a", "role", "web", users, paths));
    }

    private static TenantPolicySpec policy(
            String key, String value, String hostKey, String hostValue, List<String> users, List<String> paths) {
        return new TenantPolicySpec(
                labels(key, value), labels(hostKey, hostValue), users, null, null, paths, null, null, null, null);
    }

    private static TenantPolicySpec bounded(TenantPolicySpec.Maximum maximum) {
        return new TenantPolicySpec(
                labels("customer", "a"), labels("role", "web"), null, null, null, null, null, null, null, maximum);
    }

    private static Selector labels(String key, String value) {
        return new Selector(Map.of(key, value), null);
    }
}
