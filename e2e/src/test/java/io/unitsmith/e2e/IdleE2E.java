package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Result;
import io.unitsmith.testbed.Testbed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A master that nobody asks anything of stops, its socket goes on listening, and no request is lost over it. */
@EndToEnd
class IdleE2E {

    /** Says that it is a PHP-FPM 8.3 that was built without systemd: it cannot tell how it fares. */
    private static final String SILENT = """
            #!/bin/sh
            if [ "$1" = -v ]; then echo 'PHP 8.3.0 (fpm-fcgi)'; exit; fi
            unset NOTIFY_SOCKET
            exec /opt/php/8.2/usr/sbin/php-fpm8.2 "$@"
            """;

    private static final String SILENT_BINARY = "/opt/php/silent/sbin/php-fpm";

    /** How long nginx keeps a connection that it does not use, unless it is told otherwise. */
    private static final Duration NGINX_KEEPS = Duration.ofSeconds(60);

    private static final String KEPT_PAGE = "hello from idle-kept";

    /** Seconds: longer than the timeout. */
    private static final int SLOW = 50;

    private final ContainerHost host;
    private final Tenant tenant;
    private final Pool never;
    private final Pool kept;
    private final Pool busy;
    private final Pool watched;
    private final Pool asked;

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private CompletableFuture<Result> slow;
    private Instant slowVisit;
    private Instant keptVisit;
    private int neverMaster;
    private int askedMaster;
    private CompletableFuture<Integer> watching;

    IdleE2E(Testbed bed) {
        this.host = bed.host("web-1");
        this.tenant = Tenant.create(
                bed,
                "idle",
                "idle-never",
                "idle-kept",
                "idle-busy",
                "idle-ondemand",
                "idle-dynamic",
                "idle-static",
                "idle-silent",
                "idle-watched",
                "idle-asked");
        this.never = pool("never");
        this.kept = pool("kept");
        this.busy = pool("busy");
        this.watched = pool("watched");
        this.asked = pool("asked");
    }

    private Pool pool(String name) {
        return tenant.pool(name, "idle-" + name);
    }

    @BeforeAll
    void allOfThemServe() {
        host.execWithInput(SILENT, "install", "-D", "/dev/stdin", SILENT_BINARY).output();
        apply(never, "8.4", "idle: {enabled: false}");
        apply(kept, "8.4", "idle: {timeout: 30s}");
        apply(busy, "8.4", "idle: {timeout: 30s}");
        apply(pool("ondemand"), "8.4", "idle: {timeout: 30s}");
        apply(pool("dynamic"), "8.2", """
                idle: {timeout: 30s}
                  processManager: {type: dynamic, minSpareServers: 1, maxSpareServers: 3}""");
        apply(pool("static"), "8.4", """
                idle: {timeout: 30s}
                  processManager: {type: static, maxChildren: 3}""");
        apply(pool("silent"), "8.3", """
                idle: {timeout: 30s}
                  processManager: {type: static, maxChildren: 2}""");
        for (Pool pool : List.of(watched, asked)) {
            apply(pool, "8.4", """
                    idle: {timeout: 30s}
                      processManager: {type: static, maxChildren: 2}
                      monitoring: {statusPath: /status, pingPath: /ping, pingResponse: it is alive}""");
        }
        for (Pool pool : stopping()) {
            assertThat(pool.awaitReady().visit(host)).startsWith("hello from " + pool.user());
            assertThat(pool.masterPid(host)).isPositive();
        }
        neverMaster = visited(never);
        visited(busy);
        tenant.script(busy.user(), "slow.php", "<?php sleep(%d); echo 'slept';".formatted(SLOW));
        slowVisit = Instant.now();
        slow = CompletableFuture.supplyAsync(
                () -> host.exec("curl", "--silent", "http://localhost/~idle-busy/idle.busy/slow.php"), clients);
        keepConnections();
        visited(watched);
        askedMaster = visited(asked);
        watching = CompletableFuture.supplyAsync(this::watch, clients);
    }

    /** A web server that has a connection to the pool, and keeps it. */
    private void keepConnections() {
        host.execWithInput("""
                        upstream kept { server unix:%s; keepalive 4; }
                        server {
                            listen 8099;
                            location / {
                                include fastcgi_params;
                                fastcgi_param SCRIPT_FILENAME /home/idle-kept/www/index.php;
                                fastcgi_keep_conn on;
                                fastcgi_pass kept;
                            }
                        }
                        """.formatted(kept.socket()), "tee", "/etc/nginx/conf.d/kept.conf")
                .output();
        host.exec("nginx", "-s", "reload").output();
        assertThat(kept.awaitReady().visit(host)).startsWith(KEPT_PAGE);
        assertThat(visitKept().output()).startsWith(KEPT_PAGE);
        keptVisit = Instant.now();
        assertThat(connections()).as("connections that nginx keeps").isEqualTo(1);
    }

    private List<Pool> stopping() {
        return List.of(pool("ondemand"), pool("dynamic"), pool("static"), pool("silent"));
    }

    private int visited(Pool pool) {
        pool.awaitReady().visit(host);
        return pool.masterPid(host);
    }

    private static void apply(Pool pool, String version, String more) {
        pool.apply("""
                  hostNames: [web-1]
                  phpVersion: "%s"
                  %s
                """.formatted(version, more));
    }

    @AfterAll
    void cleanUp() {
        clients.close();
        host.sh("rm -f /etc/nginx/conf.d/kept.conf; nginx -s reload; rm -rf /opt/php/silent");
        tenant.close();
    }

    @Test
    void whateverItsProcessManagerAndWhetherOrNotItTellsHowItFares() {
        for (Pool pool : stopping()) {
            awaitStopped(pool);
            pool.await("idle", it -> it.getStatus().hosts().idle() == 1);
            assertThat(pool.processes(host)).as("processes of %s", pool.name()).isEmpty();
        }
        for (Pool pool : stopping()) {
            assertThat(pool.visit(host)).as("the next request").startsWith("hello from " + pool.user());
        }
    }

    @Test
    void aRequestThatTakesLongerThanTheTimeoutIsUse() {
        assertThat(slow.join().output()).isEqualTo("slept");
        awaitStopped(busy);
        assertThat(Duration.between(slowVisit, stoppedAt(busy))).isGreaterThan(Duration.ofSeconds(SLOW + 25));
    }

    @Test
    void aConnectionThatIsKeptOpenIsUseUntilTheWebServerClosesIt() {
        until("kept is stopped", NGINX_KEEPS.plus(IdleStops.AT_MOST), () -> told(kept), this::journal);
        assertThat(Duration.between(keptVisit, stoppedAt(kept))).isGreaterThan(NGINX_KEEPS.plusSeconds(25));
        awaitStopped(kept);
        assertThat(visitKept().output()).startsWith(KEPT_PAGE);
        assertThat(visitKept().output()).startsWith(KEPT_PAGE);
    }

    /** Looks at both all the time until one has been stopped, and asks the other one something now and then. */
    private int watch() {
        int looks = 0;
        while (!told(watched)) {
            assertThat(asked.look(host, "www-data").output()).contains("pool:                 idle.asked");
            Result look = watched.look(host, "www-data");
            assertThat(look.stdout().contains("pool:                 idle.watched") || !isActive(watched))
                    .as("%s", look)
                    .isTrue();
            if (looks % 20 == 0) {
                asked.visit(host);
            }
            looks++;
        }
        return looks;
    }

    @Test
    void lookingAtTheStatusNeitherKeepsAPoolAwakeNorWakesIt() {
        assertThat(asked.look(host, "idle-never").succeeded())
                .as("another tenant looks")
                .isFalse();
        assertThat(asked.run(host, "/ping").output()).endsWith("it is alive");
        awaitStopped(watched);
        assertThat(watching.join()).as("looks until then").isGreaterThan(20);

        assertThat(watched.look(host, "www-data").succeeded())
                .as("nobody is there to ask")
                .isFalse();
        assertThat(watched.property(host, watched.service(), "ActiveState")).isEqualTo("inactive");
        assertThat(asked.masterPid(host)).as("one that was used meanwhile").isEqualTo(askedMaster);
    }

    private long connections() {
        return host.exec("ss", "--no-header", "--unix", "src", kept.socket())
                .output()
                .lines()
                .filter(line -> line.contains("ESTAB"))
                .count();
    }

    private Result visitKept() {
        return host.exec("curl", "--silent", "--show-error", "--fail-with-body", "http://localhost:8099/");
    }

    @Test
    void whereItIsSwitchedOffTheMasterStays() {
        for (Pool pool : stopping()) {
            until("another one has been stopped", IdleStops.AT_MOST, () -> told(pool), () -> journal());
        }
        assertThat(never.masterPid(host)).isEqualTo(neverMaster);
        assertThat(told(never)).isFalse();
    }

    @Test
    void whatIsMadeOfPoolsIsInTheHostsMetrics() {
        long start = Instant.now().getEpochSecond();
        for (int i = 0; i < 3; i++) {
            assertThat(never.visit(host)).startsWith("hello from idle-never");
        }
        awaitMetric(never, "requests_total", "4");
        awaitMetric(never, "starts_total", "1");
        awaitMetric(never, "idle_stops_total", "0");
        assertThat(Long.parseLong(never.metric(host, "last_activity_timestamp_seconds")))
                .isGreaterThanOrEqualTo(start);
        assertThat(Long.parseLong(never.metric(host, "memory_bytes"))).isGreaterThan(1_000_000);

        awaitStopped(watched);
        awaitMetric(watched, "idle_stops_total", "1");
        awaitMetric(watched, "starts_total", "1");
        assertThat(Long.parseLong(watched.metric(host, "requests_total"))).isGreaterThan(20);
        assertThat(Pool.metrics(host))
                .contains("unitsmith_pool_processes{namespace=\"idle\",name=\"watched\",state=\"idle\"} 0\n")
                .contains(
                        "unitsmith_workload_state{kind=\"PhpFpmPool\",namespace=\"idle\",name=\"watched\",state=\"Idle\"} 1\n");
    }

    private void awaitMetric(Pool pool, String name, String value) {
        until(
                "%s of %s is %s".formatted(name, pool.name(), value),
                Duration.ofSeconds(30),
                () -> pool.metric(host, name).equals(value),
                () -> Pool.metrics(host));
    }

    private void awaitStopped(Pool pool) {
        new IdleStops(host, pool).await();
    }

    private boolean isActive(Pool pool) {
        return pool.property(host, pool.service(), "ActiveState").equals("active");
    }

    private boolean told(Pool pool) {
        return new IdleStops(host, pool).any();
    }

    private Instant stoppedAt(Pool pool) {
        return new IdleStops(host, pool).first();
    }

    private String journal() {
        return host.journal("unitsmith-agent.service");
    }
}
