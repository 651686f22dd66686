package io.unitsmith.agent.mount;

import io.unitsmith.agent.facts.HostFacts;
import io.unitsmith.agent.unit.UnitState;
import io.unitsmith.agent.workload.Claims;
import io.unitsmith.agent.workload.Claims.Claim;
import io.unitsmith.agent.workload.Health;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Entry;
import io.unitsmith.agent.workload.Sight;
import io.unitsmith.agent.workload.Watch;
import io.unitsmith.agent.workload.Workload;
import io.unitsmith.api.v1alpha1.Durations;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Problem;
import io.unitsmith.api.v1alpha1.RemoteMountSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One RemoteMount: a file system that systemd mounts at the first access, and unmounts when idle. */
public final class Mount implements Workload {

    private final WorkloadReference reference;
    private final RemoteMountSpec spec;
    private final Credentials credentials;
    private final Ownership ownership;

    /** @param secret the data of the Secret that the spec names; null if there is none */
    public Mount(WorkloadReference reference, RemoteMountSpec spec, @Nullable Map<String, byte[]> secret) {
        this.reference = reference;
        this.spec = spec;
        this.credentials = new Credentials(reference, spec, secret);
        this.ownership = new Ownership(spec);
    }

    @Override
    public WorkloadReference reference() {
        return reference;
    }

    @Override
    public Set<String> users() {
        return ownership.users();
    }

    @Override
    public Set<String> groups() {
        return ownership.groups();
    }

    @Override
    public Claims claims() {
        List<Claim> path = List.of(new Claim("spec.path", spec.path()));
        return new Claims(List.of(), List.of(), path, path);
    }

    @Override
    public boolean adopts() {
        return spec.adoptExisting();
    }

    @Override
    public boolean needsEmptyMountPoints() {
        return spec.protectMountpoint();
    }

    @Override
    public Optional<String> offers() {
        return Optional.of(MountUnits.trigger(spec));
    }

    @Override
    public Outcome render(HostFacts facts) {
        List<Problem> problems = MountRules.check(spec, credentials, ownership, facts);
        return problems.isEmpty() ? new Rendered(rendering(facts)) : new Refused(problems);
    }

    private Rendering rendering(HostFacts facts) {
        MountUnits units = new MountUnits(reference, spec, credentials, ownership.options(facts));
        List<Entry> entries = new ArrayList<>(credentials.entries());
        entries.addAll(units.entries());
        return new Rendering(
                List.copyOf(entries),
                MountUnits.trigger(spec),
                MountUnits.mount(spec),
                Optional.empty(),
                credentials.trial(units),
                spec.unmountPolicy());
    }

    @Override
    public Health judge(UnitState trigger, UnitState payload, @Nullable Sight sight) {
        return MountHealth.judge(spec, trigger, payload, sight);
    }

    @Override
    public Optional<Watch> watch() {
        RemoteMountSpec.Health health = spec.health();
        boolean valid = Stream.of(
                        health.interval(), health.timeout(), spec.automount().idleTimeout())
                .allMatch(Durations::isValid);
        return valid ? Optional.of(watch(health)) : Optional.empty();
    }

    private Watch watch(RemoteMountSpec.Health health) {
        Duration interval = Duration.ofSeconds(Durations.seconds(health.interval()));
        Duration idle = Duration.ofSeconds(
                spec.automount().enabled() ? Durations.seconds(spec.automount().idleTimeout()) : 0);
        // systemd looks every third of idleTimeout, or every second, whether it is over
        Duration useful =
                idle.isZero() ? interval : idle.plus(idle.dividedBy(2)).plusSeconds(2);
        return new Watch(
                spec.path(),
                health.probe() == RemoteMountSpec.Probe.STATFS,
                useful.compareTo(interval) > 0 ? useful : interval,
                Duration.ofSeconds(Durations.seconds(health.timeout())),
                health.action() == RemoteMountSpec.HealthAction.FORCE_UNMOUNT);
    }
}
