package io.unitsmith.agent.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.systemd.EndedJobs.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever would wait here for the whole deadline takes longer than the test may. */
@Timeout(10)
class EndedJobsTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final EndedJobs jobs = new EndedJobs();

    @Test
    void aJobMayEndBeforeAnybodyWaitsForIt() {
        jobs.listen();
        jobs.ended("/job/1", "done");

        assertThat(jobs.await(List.of("/job/1"), LONG)).isEqualTo(new Outcome(Map.of("/job/1", "done"), true));
    }

    @Test
    void theWaitEndsWithTheLastJob() throws InterruptedException {
        jobs.listen();
        Thread systemd = Thread.ofVirtual().start(() -> {
            jobs.ended("/job/1", "done");
            jobs.ended("/job/2", "failed");
        });

        assertThat(jobs.await(List.of("/job/1", "/job/2"), LONG).results())
                .isEqualTo(Map.of("/job/1", "done", "/job/2", "failed"));
        systemd.join();
    }

    @Test
    void theWaitEndsAtOnceWhenSystemdIsLost() throws InterruptedException {
        jobs.listen();
        jobs.ended("/job/1", "done");
        Thread systemd = Thread.ofVirtual().start(jobs::lost);

        assertThat(jobs.await(List.of("/job/1", "/job/2"), LONG))
                .isEqualTo(new Outcome(Map.of("/job/1", "done"), false));
        systemd.join();
    }

    @Test
    void aJobThatOutlivesTheDeadlineIsNotWaitedFor() {
        jobs.listen();

        assertThat(jobs.await(List.of("/job/1"), Duration.ofMillis(20))).isEqualTo(new Outcome(Map.of(), true));
    }

    @Test
    void aLossOfEarlierIsNoneOfNow() {
        jobs.listen();
        jobs.lost();
        jobs.listen();

        assertThat(jobs.await(List.of("/job/1"), Duration.ofMillis(20)).complete())
                .isTrue();
    }
}
