package io.unitsmith.agent.pool;

import io.unitsmith.agent.workload.CredentialFolder;
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
            CredentialFolder.ANY + SecretEnvironment.FILE,
            PoolUnits.SYSTEMD + PoolUnits.socket(ANY) + "\\.d",
            PoolUnits.SYSTEMD + PoolUnits.service(ANY) + "\\.d"));

    @Override
    public String name() {
        return "PhpFpmPool";
    }

    @Override
    public boolean isShared(String path) {
        return PoolUnits.isShared(path);
    }

    @Override
    public Optional<Traces> traces(WorkloadReference workload, Set<String> paths) {
        String instance = Names.instance(workload.namespace(), workload.name());
        String socket = PoolUnits.socket(instance);
        String service = PoolUnits.service(instance);
        Set<String> names = Set.of(
                PoolUnits.dropIn(socket),
                PoolUnits.dropIn(service),
                PoolUnits.WANTS + PoolUnits.socket(instance),
                CredentialFolder.of(workload) + SecretEnvironment.FILE);
        Pattern config =
                Pattern.compile(PoolUnits.CONFIGS + ANY + "/" + Pattern.quote(instance) + "\\.(conf|tmpfiles)");
        Set<String> own = paths.stream()
                .filter(path -> names.contains(path) || config.matcher(path).matches())
                .collect(Collectors.toSet());
        return own.isEmpty()
                ? Optional.empty()
                : Optional.of(new Traces(socket, service, Set.of(socket, service), own));
    }

    @Override
    public boolean isOfAny(String path) {
        return OF_ANY.matcher(path).matches() || CredentialFolder.isFolder(path);
    }
}
