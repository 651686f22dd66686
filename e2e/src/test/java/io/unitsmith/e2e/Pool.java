package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;

import io.unitsmith.agent.usage.MetricsFile;
import io.unitsmith.api.v1alpha1.Condition;
import io.unitsmith.api.v1alpha1.Conditions;
import io.unitsmith.api.v1alpha1.HostProblem;
import io.unitsmith.api.v1alpha1.Names;
import io.unitsmith.api.v1alpha1.PhpFpmPool;
import io.unitsmith.api.v1alpha1.PhpFpmPoolStatus;
import io.unitsmith.testbed.Host;
import io.unitsmith.testbed.Result;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** A tenant's PhpFpmPool, by its name: what a test does to it, and how it looks on a host. */
record Pool(Tenant tenant, String name, String user) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    String instance() {
        return Names.instance(tenant.namespace(), name);
    }

    String socket() {
        return Names.socketPath(tenant.namespace(), name);
    }

    String socketUnit() {
        return "unitsmith-fpm@" + instance() + ".socket";
    }

    String service() {
        return "unitsmith-fpm@" + instance() + ".service";
    }

    /** The configuration of the version that its spec names. */
    String config() {
        return "/etc/unitsmith/fpm/" + get().getSpec().phpVersion() + "/" + instance() + ".conf";
    }

    /** Applies a spec of these lines besides its user, and does not wait. */
    Pool apply(String spec) {
        tryApply("  user: " + user + "\n" + spec).output();
        return this;
    }

    /** Applies exactly these lines as spec. */
    Result tryApply(String spec) {
        return tenant.apply("""
                apiVersion: unitsmith.io/v1alpha1
                kind: PhpFpmPool
                metadata: {name: %s}
                spec:
                %s""".formatted(name, spec));
    }

    /** Until the spec that stands in the API is live, and serves, on every host that it selects. */
    Pool awaitReady() {
        return awaitReady(PATIENCE);
    }

    Pool awaitReady(Duration atMost) {
        return await("ready on all hosts at the current revision", atMost, Pool::isReadyAndCurrent);
    }

    Pool await(String what, Predicate<PhpFpmPool> is) {
        return await(what, PATIENCE, is);
    }

    Pool await(String what, Duration atMost, Predicate<PhpFpmPool> is) {
        until(
                "%s/%s is %s".formatted(tenant.namespace(), name, what),
                atMost,
                () -> {
                    PhpFpmPool pool = get();
                    return pool != null && pool.getStatus() != null && is.test(pool);
                },
                () -> tenant.kubectl("get phpfpmpool --output yaml " + name).toString());
        return this;
    }

    /** Until some host has this problem. */
    HostProblem awaitProblem(String reason) {
        await("refused with " + reason, pool -> problem(pool, reason) != null);
        return Objects.requireNonNull(problem(get(), reason));
    }

    PhpFpmPool get() {
        return tenant.bed()
                .client()
                .resources(PhpFpmPool.class)
                .inNamespace(tenant.namespace())
                .withName(name)
                .get();
    }

    PhpFpmPoolStatus status() {
        return get().getStatus();
    }

    /** What the page says that everybody's home has from the start, through the host's web server. */
    String visit(Host host) {
        return visit(host, "index.php");
    }

    /** What a script of the user's home says, through the host's web server. */
    String visit(Host host, String script) {
        return host.exec(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--fail-with-body",
                        "http://localhost/~%s/%s/%s".formatted(user, instance(), script))
                .output();
    }

    /** What comes out of the socket, headers included, for a script anywhere: not all are for the web server. */
    Result run(Host host, String script) {
        return ask(host, "www-data", socket(), script);
    }

    /** What PHP-FPM says of itself at the socket that is for its status alone. */
    Result look(Host host, String asUser) {
        return ask(host, asUser, statusSocket(), "/status");
    }

    String statusSocket() {
        return "/run/unitsmith/status/" + instance() + "/fpm.sock";
    }

    /** What PHP-FPM answers at a socket, headers included. */
    static Result ask(Host host, String asUser, String socket, String script) {
        return host.exec(
                "env",
                "REQUEST_METHOD=GET",
                "SCRIPT_NAME=" + script,
                "SCRIPT_FILENAME=" + script,
                "setpriv",
                "--reuid=" + asUser,
                "--regid=" + asUser,
                "--clear-groups",
                "cgi-fcgi",
                "-bind",
                "-connect",
                socket);
    }

    /** One of its metrics, without the prefix that all have; empty if there is none. */
    String metric(Host host, String metric) {
        String sample = "unitsmith_pool_%s{namespace=\"%s\",name=\"%s\"} ".formatted(metric, tenant.namespace(), name);
        return metrics(host)
                .lines()
                .filter(line -> line.startsWith(sample))
                .map(line -> line.substring(sample.length()))
                .findFirst()
                .orElse("");
    }

    /** All that a host's agent counts. */
    static String metrics(Host host) {
        return host.exec("cat", MetricsFile.PATH).stdout();
    }

    /** One property of one of its units, as systemd says it. */
    String property(Host host, String unit, String property) {
        return host.exec("systemctl", "show", "--value", "--property", property, unit)
                .output();
    }

    int masterPid(Host host) {
        return Integer.parseInt(property(host, service(), "MainPID"));
    }

    /** The processes of its user, with their commands; each pool of a test class has a user of its own. */
    List<String> processes(Host host) {
        return host.exec("pgrep", "--full", "--list-full", "--uid", user, ".")
                .stdout()
                .lines()
                .toList();
    }

    static boolean holds(PhpFpmPool pool, String condition) {
        Condition found = Conditions.find(pool.getStatus().conditions(), condition);
        return found != null && found.holds();
    }

    private static boolean isReadyAndCurrent(PhpFpmPool pool) {
        PhpFpmPoolStatus status = pool.getStatus();
        return Objects.equals(status.observedGeneration(), pool.getMetadata().getGeneration())
                && holds(pool, Condition.READY)
                && !holds(pool, Condition.PROGRESSING)
                && status.hosts().desired() > 0
                && status.hosts().updated().equals(status.hosts().desired())
                && status.hosts().ready().equals(status.hosts().desired());
    }

    private static HostProblem problem(PhpFpmPool pool, String reason) {
        return Objects.requireNonNullElse(pool.getStatus().problems(), List.<HostProblem>of()).stream()
                .filter(problem -> problem.reason().equals(reason))
                .findFirst()
                .orElse(null);
    }
}
