package io.unitsmith.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JournalTest {

    private static final String STARTING = line("1", "6", "Starting unitsmith-fpm@demo.shop.service...");
    private static final String REFUSED =
            line("42", "3", "ERROR: failed to open configuration file: Permission denied");
    private static final String FAILED =
            line("1", "4", "unitsmith-fpm@demo.shop.service: Failed with result 'exit-code'.");

    @Test
    void whatTheProcessSaidOfItselfIsPreferred() {
        assertThat(Journal.choose(Stream.of(STARTING, REFUSED, FAILED)))
                .containsExactly("ERROR: failed to open configuration file: Permission denied");
    }

    @Test
    void otherwisePidOneTellsWithoutItsEverydayLines() {
        assertThat(Journal.choose(Stream.of(STARTING, FAILED)))
                .containsExactly("unitsmith-fpm@demo.shop.service: Failed with result 'exit-code'.");
    }

    @Test
    void whatPidOneSaysIsNoWordOfTheHelpers() {
        assertThat(Journal.hasWordsOfItsOwn(List.of(STARTING, FAILED))).isFalse();
        assertThat(Journal.hasWordsOfItsOwn(List.of(STARTING, REFUSED, FAILED))).isTrue();
    }

    @Test
    void onlyTheLastThreeAreKept() {
        Stream<String> five = Stream.of("a", "b", "c", "d", "e").map(text -> line("42", "3", text));
        assertThat(Journal.choose(five)).containsExactly("c", "d", "e");
    }

    @Test
    void aLineThatIsNoJsonOrHasNoTextIsPassedOver() {
        assertThat(Journal.choose(Stream.of("-- No entries --", "{}"))).isEmpty();
    }

    private static String line(String pid, String priority, String message) {
        return "{\"_PID\":\"%s\",\"PRIORITY\":\"%s\",\"MESSAGE\":\"%s\"}".formatted(pid, priority, message);
    }
}
