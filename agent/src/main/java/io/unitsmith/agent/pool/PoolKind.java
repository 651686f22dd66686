package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.Kind;
import io.unitsmith.api.v1alpha1.HostAssignmentSpec.WorkloadReference;
import io.unitsmith.api.v1alpha1.Names;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Pools, as they are known again on a host: everything of a pool has its instance in its path. */
public final class PoolKind implements Kind {

    private static final String ANY = "[^/]+";
    private static final Pattern OF_ANY = Pattern.compile(String.join(
            "|",
            PoolUnits.WANTS + PoolUnits.socket(ANY),
            PoolUnits.CONFIGS + "?(" + ANY + ")?",
            PoolUnits.SYSTEMD + PoolUnits.socket(ANY) + "\\.d",
            PoolUnits.SYSTEMD + PoolUnits.service(ANY) + "\\.d"));

    @Override
    public String name() {
        return "PhpFpmPool";
    }

    @Override
    public Set<String> shared() {
        return PoolUnits.SHARED;
    }

    @Override
    public Optional<Traces> traces(WorkloadReference workload, Set<String> paths) {
        String instance = Names.instance(workload.namespace(), workload.name());
        String socket = PoolUnits.socket(instance);
        String service = PoolUnits.service(instance);
        Set<String> units = Set.of(
                PoolUnits.dropIn(socket), PoolUnits.dropIn(service), PoolUnits.WANTS + PoolUnits.socket(instance));
        Set<String> own = paths.stream()
                .filter(path -> units.contains(path)
                        || (path.startsWith(PoolUnits.CONFIGS) && path.endsWith("/" + instance + ".conf")))
                .collect(Collectors.toSet());
        return own.isEmpty()
                ? Optional.empty()
                : Optional.of(new Traces(socket, service, Set.of(socket, service), own));
    }

    @Override
    public boolean isOfAny(String path) {
        return OF_ANY.matcher(path).matches();
    }
}
