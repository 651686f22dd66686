package io.unitsmith.agent.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.workload.Sight.Answer;
import io.unitsmith.agent.workload.Sight.Broken;
import io.unitsmith.agent.workload.Sight.Well;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void spaceIsCountedInBytes() {
        assertThat(answer("87 100 4096\n")).isEqualTo(new Well(87 * 4096, 100 * 4096));
        assertThat(answer("0 0 0\n")).isEqualTo(new Well(0, 0));
        assertThat(answer("1 999999999999999999 4096")).isEqualTo(new Well(4096, Long.MAX_VALUE));
    }

    @Test
    void anErrorIsWhatComesLast() {
        assertThat(answer("stat: cannot read file system information for '/srv/a: b': Stale file handle\n"))
                .isEqualTo(new Broken(AT, "Stale file handle"));
        assertThat(answer("x".repeat(300))).isEqualTo(new Broken(AT, "x".repeat(200)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Permission denied", "Operation not permitted"})
    void aServerThatRefusesRootAnswers(String words) {
        assertThat(answer("stat: cannot read file system information for '/srv/a': %s\n".formatted(words)))
                .isEqualTo(new Well(0, 0));
    }

    @Test
    void nothingIsNoAnswerYet() {
        assertThat(new Reply(AT, "").isOpen()).isTrue();
        assertThat(new Reply(AT, "1 1 1").isOpen()).isFalse();
    }

    private static Answer answer(String text) {
        return new Reply(AT, text).answer();
    }
}
