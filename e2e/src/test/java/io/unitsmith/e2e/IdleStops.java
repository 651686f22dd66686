package io.unitsmith.e2e;

import static io.unitsmith.testbed.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.testbed.ContainerHost;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.stream.Stream;

/** The stops of a pool's master that nobody used, as the agent tells of them. */
record IdleStops(ContainerHost host, Pool pool) {

    /** From the last request on, where `idle.timeout` is 30s. */
    static final Duration AT_MOST = Duration.ofSeconds(75);

    /** Until the master is stopped, in an orderly way and behind a socket that listens. */
    void await() {
        until(
                pool.name() + " is stopped",
                AT_MOST,
                () -> any()
                        && pool.property(host, pool.service(), "ActiveState").equals("inactive"),
                this::journal);
        assertThat(pool.property(host, pool.service(), "Result")).isEqualTo("success");
        assertThat(pool.property(host, pool.socketUnit(), "SubState")).isEqualTo("listening");
    }

    boolean any() {
        return told().findFirst().isPresent();
    }

    Instant first() {
        String line = told().findFirst().orElseThrow();
        return OffsetDateTime.parse(line.split(" ", 2)[0]).toInstant();
    }

    private Stream<String> told() {
        return journal().lines().filter(line -> line.contains("stop " + pool.service() + ", which nobody uses: done"));
    }

    private String journal() {
        return host.journal("unitsmith-agent.service");
    }
}
