package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.api.v1alpha1.RemoteMount;
import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** A tenant's RemoteMount, by its name. */
record Mount(Tenant tenant, String name) {

    Mount apply(String spec) {
        tryApply(spec).output();
        return this;
    }

    Result tryApply(String spec) {
        return tenant.apply("""
                apiVersion: unitsmith.io/v1alpha1
                kind: RemoteMount
                metadata: {name: %s}
                spec:
                %s""".formatted(name, spec));
    }

    Mount awaitReady() {
        return await("ready on all hosts at the current revision", Mount::isReadyAndCurrent);
    }

    Mount await(String what, Predicate<RemoteMount> is) {
        until(
                "%s/%s is %s".formatted(tenant.namespace(), name, what),
                Duration.ofSeconds(60),
                () -> {
                    RemoteMount mount = get();
                    return mount != null && mount.getStatus() != null && is.test(mount);
                },
                () -> tenant.kubectl("get remotemount --output yaml " + name).toString());
        return this;
    }

    /** Until some host has this problem. */
    HostProblem awaitProblem(String reason) {
        await("refused with " + reason, mount -> problem(mount, reason) != null);
        return Objects.requireNonNull(problem(get(), reason));
    }

    RemoteMount get() {
        return tenant.bed()
                .client()
                .resources(RemoteMount.class)
                .inNamespace(tenant.namespace())
                .withName(name)
                .get();
    }

    /** What the kernel has mounted at that path, one line each: the automount, and the file system on it. */
    static String mountinfo(ContainerHost host, String path) {
        return host.exec("awk", "-v", "path=" + path.replace(" ", "\\\\040"), "$5 == path", "/proc/self/mountinfo")
                .output();
    }

    private static boolean isReadyAndCurrent(RemoteMount mount) {
        var status = mount.getStatus();
        Condition ready = Conditions.find(status.conditions(), Condition.READY);
        return Objects.equals(status.observedGeneration(), mount.getMetadata().getGeneration())
                && ready != null
                && ready.holds()
                && status.hosts().desired() > 0
                && status.hosts().updated().equals(status.hosts().desired())
                && status.hosts().ready().equals(status.hosts().desired());
    }

    private static HostProblem problem(RemoteMount mount, String reason) {
        return Objects.requireNonNullElse(mount.getStatus().problems(), List.<HostProblem>of()).stream()
                .filter(problem -> problem.reason().equals(reason))
                .findFirst()
                .orElse(null);
    }
}
