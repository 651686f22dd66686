package io.unitsmith.agent.pool;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.facts.Processes;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Claims;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.agent.workload.Use;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.UserLimits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One PhpFpmPool: a PHP-FPM master of one user behind a socket that systemd holds. */
public final class FpmPool implements Workload {

    private final WorkloadReference reference;
    private final PhpFpmPoolSpec spec;
    private final SecretEnvironment secrets;
    private final UserLimits userLimits;

    /**
     * A pool.
     *
     * @param secret the data of the Secret that the spec names; null if there is none
     * @param userLimits what all pools of the user may use together
     */
    public FpmPool(
            WorkloadReference reference,
            PhpFpmPoolSpec spec,
            @Nullable Map<String, byte[]> secret,
            UserLimits userLimits) {
        this.reference = reference;
        this.spec = spec;
        this.userLimits = userLimits;
        this.secrets = new SecretEnvironment(reference, spec, secret);
    }

    @Override
    public WorkloadReference reference() {
        return reference;
    }

    @Override
    public Set<String> users() {
        return Set.of(spec.user());
    }

    @Override
    public Set<String> groups() {
        Set<String> groups = new LinkedHashSet<>();
        groups.add(spec.socket().group());
        if (spec.group() != null) {
            groups.add(spec.group());
        }
        return groups;
    }

    /** No claim on the socket's group: who sets it opens the pool to others, and gains nothing. */
    @Override
    public Claims claims() {
        List<Claim> groups = spec.group() == null ? List.of() : List.of(new Claim("spec.group", spec.group()));
        return new Claims(List.of(new Claim("spec.user", spec.user())), groups, List.of(), List.of());
    }

    @Override
    public List<Requirement> requires() {
        return IntStream.range(0, spec.requiresMounts().size())
                .mapToObj(i -> new Requirement(
                        "spec.requiresMounts[" + i + "]",
                        "RemoteMount",
                        reference.namespace(),
                        spec.requiresMounts().get(i)))
                .toList();
    }

    @Override
    public Outcome render(HostFacts facts) {
        List<Problem> problems = PoolRules.check(spec, secrets, requires(), facts);
        return problems.isEmpty() ? new Rendered(rendering(facts)) : new Refused(problems);
    }

    private Rendering rendering(HostFacts facts) {
        Php php = Objects.requireNonNull(facts.php().get(spec.phpVersion()));
        HostFacts.User user = Objects.requireNonNull(facts.users().get(spec.user()));
        FpmConfig config = FpmConfig.of(reference, spec, php, secrets.references());
        List<String> mounts = requires().stream()
                .map(mount -> facts.mountUnit(mount.namespace(), mount.name()).orElseThrow())
                .distinct()
                .toList();
        PoolUnits units = new PoolUnits(reference, spec, php, user, userLimits, secrets, mounts);
        return new Rendering(
                List.copyOf(units.entries(config)), units.socket(), units.service(), Optional.of(units.check(config)));
    }

    @Override
    public Optional<String> phpVersion(HostFacts facts) {
        return Optional.ofNullable(facts.php().get(spec.phpVersion())).map(Php::full);
    }

    @Override
    public Health judge(UnitState trigger, UnitState payload, @Nullable Sight sight) {
        return PoolHealth.judge(trigger, payload);
    }

    @Override
    public Optional<Use> use(UnitState payload, Processes processes) {
        return Optional.of(PoolUse.of(spec, payload, processes));
    }
}
