package io.unitsmith.agent.unit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/srv", "/srv/a b", "/srv/..a/b..", "/srv/.hidden"})
    void aPathInItsShortestFormIsFine(String path) {
        assertThat(HostPath.fault(path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            srv         | is not absolute
            ``          | is not absolute
            /srv/../etc | has .. in it
            /..         | has .. in it
            /srv/       | write "/srv"
            //srv       | write "/srv"
            /srv/./a    | write "/srv/a"
            `/srv/a `   | begins or ends with a space
            """)
    void anotherOneIsToldWhatIsWrong(String path, String fault) {
        assertThat(HostPath.fault(path).orElseThrow()).contains(fault);
    }

    @Test
    void whatTheKernelDoesNotTakeIsTooLong() {
        assertThat(HostPath.fault("/" + "é".repeat(128)).orElseThrow()).contains("more than 255 bytes");
        assertThat(HostPath.fault("/" + "é".repeat(127))).isEmpty();
        assertThat(HostPath.fault("/abc".repeat(1024)).orElseThrow()).contains("more than 4095 bytes");
        assertThat(HostPath.fault("/abc".repeat(1023))).isEmpty();
    }

    @Test
    void nothingIsBelowItselfOrBelowANameThatOnlyStartsAlike() {
        assertThat(HostPath.isBelow("/home/a/b", "/home/a")).isTrue();
        assertThat(HostPath.isBelow("/home/a", "/home/a")).isFalse();
        assertThat(HostPath.isBelow("/home/ab", "/home/a")).isFalse();
    }
}
